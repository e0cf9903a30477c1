package io.selkie.chain;

import io.selkie.chain.ProvenSector.Fault;

/**
 * Where a proven sector is proven, and whether it still is: what can be asked of millions of them
 * at once.
 *
 * @param number the sector
 * @param deadline from 0, in the proving period
 * @param partition from 0, in the deadline
 * @param live whether it has not ended
 * @param fault whether it is faulty
 */
public record SectorStanding(
    long number, int deadline, long partition, boolean live, Fault fault) {}
