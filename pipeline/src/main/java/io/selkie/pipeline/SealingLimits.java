package io.selkie.pipeline;

import io.selkie.abi.RegisteredSealProof;

/**
 * Figures of the network that do not change between the networks Selkie runs on, in epochs of 30
 * seconds. Source: specs-actors and go-state-types builtin policy; lotus build/params.
 */
final class SealingLimits {

  static final long EPOCHS_PER_DAY = 2880;

  /** A ticket is good for so long after its epoch: a day and the finality. */
  static final long MAX_TICKET_AGE = EPOCHS_PER_DAY + 900;

  static final long MIN_EXPIRATION = 180 * EPOCHS_PER_DAY;

  static final long PROVING_PERIOD = 2880;

  /** Network version 21 lengthened sectors' lives (FIP-0052). */
  private static final int LONG_LIVES_SINCE = 21;

  /** The largest parameters of one message, bytes, with room for the envelope. */
  static final int MAX_PARAMS_BYTES = 65_408;

  /**
   * So long before its deadline opens, faults and recoveries of a sector must have been declared:
   * the challenge look-back of 20 and 50 more. Source: builtin-actors runtime policy,
   * fault_declaration_cutoff.
   */
  static final long FAULT_CUTOFF = 70;

  private SealingLimits() {}

  /** From landing the pre-commit to landing the proof. */
  static long maxProveCommit(RegisteredSealProof proof) {
    return switch (proof.kind()) {
      case V1 -> EPOCHS_PER_DAY + 150;
      case V1_1, SYNTHETIC -> 30 * EPOCHS_PER_DAY + 150;
      case NON_INTERACTIVE -> 0;
    };
  }

  static long maxExtension(int networkVersion) {
    return (networkVersion >= LONG_LIVES_SINCE ? 1278 : 540) * EPOCHS_PER_DAY;
  }

  static boolean hasSynthetic(int networkVersion) {
    return networkVersion >= LONG_LIVES_SINCE;
  }
}
