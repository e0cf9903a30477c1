package io.selkie.chain;

import io.selkie.abi.ChainEpoch;
import io.selkie.pipeline.ChainNode.SectorExpiration;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.ChainNode.SectorPlace;

/**
 * A sector that was proven, with its place in the proving period.
 *
 * @param info what the chain holds of it
 * @param place where it is proven
 * @param expiration when it ends
 * @param live whether it has not ended
 * @param fault whether it is faulty
 * @param maxExpiration how far it can ever be extended
 * @param maxExtendNow how far it can be extended at the current head
 */
public record ProvenSector(
    SectorOnChain info,
    SectorPlace place,
    SectorExpiration expiration,
    boolean live,
    Fault fault,
    ChainEpoch maxExpiration,
    ChainEpoch maxExtendNow) {

  /** Whether a sector is faulty. */
  public enum Fault {
    /** It counts for power. */
    NONE,
    /** It does not. */
    FAULTY,
    /** It does not, and will again after its next window. */
    RECOVERING
  }
}
