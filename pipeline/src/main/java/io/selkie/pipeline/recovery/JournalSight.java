package io.selkie.pipeline.recovery;

import io.selkie.abi.Cid;
import io.selkie.abi.RegisteredSealProof;
import java.util.Optional;

/** What the journal says of a sector. */
public sealed interface JournalSight {

  /** It has no record. */
  record Absent() implements JournalSight {}

  /**
   * It has a record that cannot be read.
   *
   * @param reason why not
   * @param replayable whether its entries yield a record again
   */
  record Undecodable(String reason, boolean replayable) implements JournalSight {}

  /**
   * It has a record.
   *
   * @param state the state's wire name
   * @param proof the proof it is sealed under
   * @param sealedCid the replica it recorded
   * @param pieces how many pieces it holds
   * @param replay what its entries yield when they are applied again
   */
  record Known(
      String state, RegisteredSealProof proof, Optional<Cid> sealedCid, int pieces, Replay replay)
      implements JournalSight {}

  /** What the entries of a sector yield when they are applied again. */
  enum Replay {
    /** The record. */
    SAME,
    /** Another record. */
    DIFFERENT,
    /** Nobody looked, or the entries do not say. */
    UNKNOWN
  }
}
