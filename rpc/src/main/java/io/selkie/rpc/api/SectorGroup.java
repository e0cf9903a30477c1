package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;

/**
 * How many sectors have the same keys.
 *
 * @param keys in the order asked for; an empty text where a sector has nothing of the kind
 * @param count how many
 */
@Wire(type = "selkie.SectorGroup")
public record SectorGroup(@Wire(type = "[]string") List<String> keys, long count) {}
