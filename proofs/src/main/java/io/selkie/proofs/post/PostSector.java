package io.selkie.proofs.post;

import io.selkie.abi.Commitment;
import io.selkie.abi.SectorNumber;

/**
 * A sector to be proven.
 *
 * @param number enters its challenges
 * @param commR what it is held to
 */
public record PostSector(SectorNumber number, Commitment commR) {}
