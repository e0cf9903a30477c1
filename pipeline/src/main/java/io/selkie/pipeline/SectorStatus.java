package io.selkie.pipeline;

import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorJournal.Timer;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a sector here, without asking the chain.
 *
 * @param record the sector
 * @param log its log, oldest first
 * @param timer what it waits for, if it waits
 * @param running whether its handler is at work
 */
public record SectorStatus(
    SectorRecord record, List<LogLine> log, Optional<Timer> timer, boolean running) {}
