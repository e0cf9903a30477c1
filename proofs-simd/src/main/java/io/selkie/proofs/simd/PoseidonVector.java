package io.selkie.proofs.simd;

import io.selkie.proofs.hashers.PoseidonConstants;
import io.selkie.proofs.hashers.PoseidonKernel;
import java.math.BigInteger;

/**
 * Poseidon by the Vector API, a register full of independent hashes at a time.
 *
 * <p>Works where the module {@code jdk.incubator.vector} was added at start; this class itself
 * loads anywhere.
 */
public final class PoseidonVector implements PoseidonKernel {

  private static final String MODULE = "jdk.incubator.vector";

  private static final int LEAST_LANES = 4;

  /** As many rows as hashing them one by one delays a short-lived process by 100 milliseconds. */
  private static final int COLD_ROWS = 4096;

  private final int coldRows;

  /** For {@link java.util.ServiceLoader}. */
  public PoseidonVector() {
    this(COLD_ROWS);
  }

  /**
   * A kernel of which each prepared arity gives the first {@code coldRows} rows of small calls to
   * the scalar twin; with 0 it uses vectors from the first row on.
   */
  PoseidonVector(int coldRows) {
    this.coldRows = coldRows;
  }

  @Override
  public String name() {
    return isSupported() ? "vector-" + FrLanes.SPECIES.vectorBitSize() : "vector";
  }

  /** With registers of 256 bits or more; at 128 the scalar kernel is as fast. */
  @Override
  public boolean isPreferred() {
    return isSupported() && FrLanes.LANES >= LEAST_LANES;
  }

  @Override
  public Rows prepare(PoseidonConstants constants, BigInteger tag) {
    if (!isSupported()) {
      throw new UnsupportedOperationException(
          "the vector kernel needs --add-modules " + MODULE + " when Java starts");
    }
    return new PoseidonLanes(constants, tag, constants.width() < 5 ? 3 : 4, coldRows);
  }

  private static boolean isSupported() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }
}
