package io.selkie.chain;

import java.util.List;

/**
 * Some of a miner's sectors as of one head.
 *
 * @param head the head, and where it lies in the proving period
 * @param sectors ascending
 */
public record LiveSectors(PeriodOnChain head, List<ProvenSector> sectors) {}
