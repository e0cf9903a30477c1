package io.selkie.abi;

/**
 * The proofs of spacetime 0 to 14: five sizes times three kinds, in the order of their numbers.
 *
 * <p>Source: go-state-types abi/sector.go; rust-fil-proofs, filecoin-proofs constants.rs
 * (WINNING_POST_CHALLENGE_COUNT, WINDOW_POST_CHALLENGE_COUNT, WINDOW_POST_SECTOR_COUNT).
 */
public enum RegisteredPoStProof {
  WINNING_2KIB_V1,
  WINNING_8MIB_V1,
  WINNING_512MIB_V1,
  WINNING_32GIB_V1,
  WINNING_64GIB_V1,
  WINDOW_2KIB_V1,
  WINDOW_8MIB_V1,
  WINDOW_512MIB_V1,
  WINDOW_32GIB_V1,
  WINDOW_64GIB_V1,
  WINDOW_2KIB_V1_1,
  WINDOW_8MIB_V1_1,
  WINDOW_512MIB_V1_1,
  WINDOW_32GIB_V1_1,
  WINDOW_64GIB_V1_1;

  /** What is proven, and how challenges are numbered. */
  public enum Kind {
    /** One sector, to win a block. */
    WINNING,
    /** Whole partitions; the challenges of all sectors are numbered on. */
    WINDOW_V1,
    /** Whole partitions; the challenges of each sector are numbered from 0 (FIP-0061). */
    WINDOW_V1_1
  }

  /** The number of the proof on chain, 0 to 14. */
  public int number() {
    return ordinal();
  }

  /** The size of the sectors it proves. */
  public SectorSize sectorSize() {
    return SectorSize.values()[ordinal() % 5];
  }

  /** The kind of the proof. */
  public Kind kind() {
    return Kind.values()[ordinal() / 5];
  }

  /** How many nodes of each sector are opened. */
  public int challenges() {
    return switch (kind()) {
      case WINNING -> 66;
      case WINDOW_V1, WINDOW_V1_1 -> 10;
    };
  }

  /** How many sectors are proven together at most. */
  public int partitionSectors() {
    return switch (kind()) {
      case WINNING -> 1;
      case WINDOW_V1, WINDOW_V1_1 ->
          switch (sectorSize()) {
            case KIB_2, MIB_8, MIB_512 -> 2;
            case GIB_32 -> 2349;
            case GIB_64 -> 2300;
          };
    };
  }

  /** The proof of this kind for sectors of this size. */
  public static RegisteredPoStProof of(SectorSize size, Kind kind) {
    return values()[kind.ordinal() * 5 + size.ordinal()];
  }

  /**
   * The proof with this number.
   *
   * @throws IllegalArgumentException with the reference's text if there is none
   */
  public static RegisteredPoStProof ofNumber(long number) {
    if (number < 0 || number >= values().length) {
      throw new IllegalArgumentException("unsupported proof type: " + number);
    }
    return values()[(int) number];
  }
}
