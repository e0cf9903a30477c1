package io.selkie.proofs.hashers;

import java.math.BigInteger;

/**
 * Poseidon one hash after another on {@link FrDeferred}'s 52-bit limbs: the fastest kernel that
 * needs no vector unit.
 *
 * <p>Arities above 16 go to {@link PoseidonScalar}: their digests could come out of the last sum
 * wider than 256 bits.
 */
public final class PoseidonDeferred implements PoseidonKernel {

  private static final int BLOCK_ROUNDS = 4;
  private static final int LARGEST_ARITY = 16;

  /** A kernel without state. */
  public PoseidonDeferred() {}

  @Override
  public String name() {
    return "scalar-52";
  }

  @Override
  public boolean isPreferred() {
    return true;
  }

  @Override
  public Rows prepare(PoseidonConstants constants, BigInteger tag) {
    return constants.arity() > LARGEST_ARITY
        ? new PoseidonScalar().prepare(constants, tag)
        : new DeferredRows(constants, tag);
  }

  private static final class DeferredRows extends PoseidonBlocks {

    DeferredRows(PoseidonConstants constants, BigInteger tag) {
      super(constants, tag, 1, FrDeferred.LIMBS, FrDeferred.LIMB_BITS, BLOCK_ROUNDS);
    }

    @Override
    protected void mul(long[] s, int a, int b, long[] constants, int c, int out) {
      FrDeferred.mul(s, a, b, constants, c, out);
    }

    @Override
    protected void dot(long[] s, int terms, int n, long[] constants, int c, int addend, int out) {
      FrDeferred.dot(s, terms, n, constants, c, addend, out);
    }

    @Override
    protected void scatter(long[] node, long[] s, int at) {
      s[at] = node[0] & FrDeferred.LIMB_MASK;
      s[at + 1] = ((node[0] >>> 52) | (node[1] << 12)) & FrDeferred.LIMB_MASK;
      s[at + 2] = ((node[1] >>> 40) | (node[2] << 24)) & FrDeferred.LIMB_MASK;
      s[at + 3] = ((node[2] >>> 28) | (node[3] << 36)) & FrDeferred.LIMB_MASK;
      s[at + 4] = node[3] >>> 16;
    }

    @Override
    protected void gather(long[] s, int at, long[] node) {
      node[0] = s[at] | (s[at + 1] << 52);
      node[1] = (s[at + 1] >>> 12) | (s[at + 2] << 40);
      node[2] = (s[at + 2] >>> 24) | (s[at + 3] << 28);
      node[3] = (s[at + 3] >>> 36) | (s[at + 4] << 16);
    }
  }
}
