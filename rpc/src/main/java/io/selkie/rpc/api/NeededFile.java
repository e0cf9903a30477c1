package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;

/**
 * A file that a state needs of a sector.
 *
 * @param kind unsealed, sealed, cache, update or update-cache
 * @param paths the storage paths that hold it; none if it is missing
 */
@Wire(type = "selkie.NeededFile")
public record NeededFile(String kind, @Wire(type = "[]storiface.ID") List<String> paths) {}
