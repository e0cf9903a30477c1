package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A point in the past: a time or a place in the log; the present if neither is given.
 *
 * @param at after the last entry up to this time
 * @param sequence after this entry, from 1; 0 if the time counts
 */
@Wire(type = "selkie.HistoryPoint")
public record HistoryPoint(@Nullable Instant at, @Wire(type = "int64") long sequence) {}
