package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;

/**
 * What {@code POST /selkie/status} is asked, the parameters of {@code SectorsStatusBatch} by name.
 *
 * @param query the sectors wanted
 * @param fields the members wanted; none for all but the log
 */
@Wire(type = "selkie.StatusRequest")
public record StatusRequest(SectorQuery query, @Wire(type = "[]string") List<String> fields) {}
