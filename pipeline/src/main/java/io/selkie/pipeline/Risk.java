package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import java.time.Instant;
import java.util.Optional;

/**
 * Something of a sector that may be lost.
 *
 * @param danger what
 * @param epoch by when it must have been averted
 * @param at when the chain is there, as far as that can be told
 * @param passed whether it is too late already
 */
public record Risk(Danger danger, ChainEpoch epoch, Optional<Instant> at, boolean passed) {

  /** What may be lost. */
  public enum Danger {
    /** Its ticket gets too old to pre-commit with. */
    TICKET("its pre-commit must be on chain, or its ticket is too old"),
    /** Its pre-commit expires on chain. */
    PRE_COMMIT("its proof must be on chain, or its pre-commit and the deposit are lost"),
    /** A deal begins. */
    DEAL_START("its first deal begins: it must be proven, or that deal is lost"),
    /** From then on it is too late to declare a fault or a recovery for the next proof. */
    FAULT_CUTOFF("the last epoch to declare it faulty or recovered before its next deadline"),
    /** The chain ends it for having been faulty too long. */
    FAULTY_TOO_LONG("it must have recovered, or the chain ends it and takes a fee"),
    /** It ends as promised. */
    EXPIRATION("it expires");

    private final String words;

    Danger(String words) {
      this.words = words;
    }

    /** The same for an operator. */
    public String words() {
      return words;
    }
  }

  Risk(Danger danger, ChainEpoch epoch) {
    this(danger, epoch, Optional.empty(), /* passed= */ false);
  }
}
