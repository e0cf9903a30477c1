package io.selkie.abi;

/**
 * The seal proofs 0 to 19: five sizes times four kinds, in the order of their numbers.
 *
 * <p>Source: FIP-0059 (synthetic), FIP-0092 (non-interactive), go-state-types abi/sector.go.
 */
public enum RegisteredSealProof {
  STACKED_DRG_2KIB_V1,
  STACKED_DRG_8MIB_V1,
  STACKED_DRG_512MIB_V1,
  STACKED_DRG_32GIB_V1,
  STACKED_DRG_64GIB_V1,
  STACKED_DRG_2KIB_V1_1,
  STACKED_DRG_8MIB_V1_1,
  STACKED_DRG_512MIB_V1_1,
  STACKED_DRG_32GIB_V1_1,
  STACKED_DRG_64GIB_V1_1,
  STACKED_DRG_2KIB_V1_1_SYNTHETIC,
  STACKED_DRG_8MIB_V1_1_SYNTHETIC,
  STACKED_DRG_512MIB_V1_1_SYNTHETIC,
  STACKED_DRG_32GIB_V1_1_SYNTHETIC,
  STACKED_DRG_64GIB_V1_1_SYNTHETIC,
  STACKED_DRG_2KIB_V1_2_NON_INTERACTIVE,
  STACKED_DRG_8MIB_V1_2_NON_INTERACTIVE,
  STACKED_DRG_512MIB_V1_2_NON_INTERACTIVE,
  STACKED_DRG_32GIB_V1_2_NON_INTERACTIVE,
  STACKED_DRG_64GIB_V1_2_NON_INTERACTIVE;

  /** How challenges are drawn, and which graph is used. */
  public enum Kind {
    /** API version 1.0.0: the first graph, v-1 as last base parent, 32-bit expander parents. */
    V1,
    /** API version 1.1.0: the repaired graph. */
    V1_1,
    /** API version 1.2.0 with challenges drawn from a pool fixed before the seed is known. */
    SYNTHETIC,
    /** API version 1.2.0 with challenges derived from the replica alone. */
    NON_INTERACTIVE
  }

  /** The number of the proof on chain, 0 to 19. */
  public int number() {
    return ordinal();
  }

  /** The size of the sectors it seals. */
  public SectorSize sectorSize() {
    return SectorSize.values()[ordinal() % 5];
  }

  /** The kind of the proof. */
  public Kind kind() {
    return Kind.values()[ordinal() / 5];
  }

  /**
   * The spelling of the reference's serialisation, such as {@code StackedDrg2KiBV1_1} (the "V1_1"
   * of the synthetic ones is historical: their API version is 1.2.0).
   */
  public String spelling() {
    String suffix =
        switch (kind()) {
          case V1 -> "V1";
          case V1_1 -> "V1_1";
          case SYNTHETIC -> "V1_1_Feat_SyntheticPoRep";
          case NON_INTERACTIVE -> "V1_2_Feat_NonInteractivePoRep";
        };
    return "StackedDrg" + sectorSize() + suffix;
  }

  /** The proof of this kind for sectors of this size. */
  public static RegisteredSealProof of(SectorSize size, Kind kind) {
    return values()[kind.ordinal() * 5 + size.ordinal()];
  }

  /**
   * The proof with this number.
   *
   * @throws IllegalArgumentException with the reference's text if there is none
   */
  public static RegisteredSealProof ofNumber(long number) {
    if (number < 0 || number >= values().length) {
      throw new IllegalArgumentException("unsupported proof type: " + number);
    }
    return values()[(int) number];
  }
}
