package io.selkie.pipeline.recovery;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;

/** What the chain says of a sector. */
public sealed interface ChainSight {

  /** It could not be asked, so nothing may be concluded. */
  record Unreachable(String reason) implements ChainSight {}

  /** Its number was never used. */
  record Unused() implements ChainSight {}

  /**
   * Its number was used, and there is neither a pre-commit nor a sector: terminated, expired, or
   * never proven.
   */
  record Gone() implements ChainSight {}

  /** It is pre-committed. */
  record PreCommitted(Cid sealedCid) implements ChainSight {}

  /** It is proven, and has not expired. */
  record Live(Cid sealedCid, ChainEpoch expiration) implements ChainSight {}

  /** It was proven, and has expired, but the chain still lists it. */
  record Expired(Cid sealedCid, ChainEpoch expiration) implements ChainSight {}

  /** Whether the chain counts on its data: nothing of it may go. */
  default boolean isAlive() {
    return this instanceof PreCommitted || this instanceof Live;
  }
}
