package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;

/**
 * Which changes are wanted; all if nothing is given.
 *
 * @param states those that led to one of these
 * @param numbers those of one of these sectors
 */
@Wire(type = "selkie.ChangeFilter")
public record ChangeFilter(
    @Wire(type = "[]api.SectorState") List<String> states,
    @Wire(type = "[]abi.SectorNumber") List<Long> numbers) {}
