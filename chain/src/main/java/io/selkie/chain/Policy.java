package io.selkie.chain;

import io.selkie.abi.RegisteredPoStProof;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorSize;

/**
 * The chain's limits, in epochs of 30 s unless a name says otherwise.
 *
 * <p>Source: builtin-actors runtime/src/runtime/policy.rs.
 */
final class Policy {

  static final long EPOCHS_IN_DAY = 2880;
  static final long CHAIN_FINALITY = 900;
  static final long MAX_PRE_COMMIT_RANDOMNESS_LOOKBACK = EPOCHS_IN_DAY + CHAIN_FINALITY;
  static final long MIN_SECTOR_EXPIRATION = 180 * EPOCHS_IN_DAY;
  static final long MAX_SECTOR_EXPIRATION_EXTENSION = 1278 * EPOCHS_IN_DAY;
  static final long MAX_SECTOR_LIFETIME = 5 * 365 * EPOCHS_IN_DAY;
  static final long MIN_DEAL_DURATION = 180 * EPOCHS_IN_DAY;
  static final long MAX_DEAL_DURATION = 1278 * EPOCHS_IN_DAY;
  static final long PROVING_PERIOD = EPOCHS_IN_DAY;
  static final long CHALLENGE_WINDOW = 60;
  static final long CHALLENGE_LOOKBACK = 20;
  static final long FAULT_CUTOFF = 70;
  static final int DEADLINES = 48;

  /** Numbers above this are refused (abi.MaxSectorNumber); RLE+ could hold no more anyway. */
  static final long MAX_SECTOR_NUMBER = Long.MAX_VALUE - 1;

  private Policy() {}

  /** From pre-commit to the last epoch in which the proof is taken; the table counts 150. */
  static long maxProveCommitDuration(RegisteredSealProof proof) {
    return switch (proof.kind()) {
      case V1 -> EPOCHS_IN_DAY + 150;
      case V1_1, SYNTHETIC -> 30 * EPOCHS_IN_DAY + 150;
      case NON_INTERACTIVE -> 0;
    };
  }

  /** Whether sectors may still be pre-committed with it. */
  static boolean canPreCommit(RegisteredSealProof proof) {
    return switch (proof.kind()) {
      case V1_1, SYNTHETIC -> true;
      case V1, NON_INTERACTIVE -> false;
    };
  }

  /** Sectors in a partition. */
  static long partitionSectors(SectorSize size) {
    return windowPoSt(size).partitionSectors();
  }

  /** The window proof of sectors of this size. */
  static RegisteredPoStProof windowPoSt(SectorSize size) {
    return RegisteredPoStProof.of(size, RegisteredPoStProof.Kind.WINDOW_V1_1);
  }
}
