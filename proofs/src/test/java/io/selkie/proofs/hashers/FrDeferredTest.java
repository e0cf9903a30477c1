package io.selkie.proofs.hashers;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.proofs.field.Fr;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Arithmetic on 52-bit limbs against BigInteger, at the bounds its documentation promises. */
final class FrDeferredTest {

  private static final BigInteger RHO = BigInteger.ONE.shiftLeft(260);
  private static final BigInteger RHO_INVERSE = RHO.modInverse(Fr.MODULUS);
  private static final BigInteger LARGEST = RHO.subtract(BigInteger.ONE);

  private final Random random = seeded();

  @Test
  void mul_ofLargestAndRandomValues_isTheMontgomeryProductPlusTheConstant() {
    for (int turn = 0; turn < 1000; turn++) {
      BigInteger a = turn < 10 ? LARGEST : new BigInteger(260, random);
      BigInteger b = new BigInteger(300, random).mod(Fr.MODULUS.shiftLeft(1));
      BigInteger constant = new BigInteger(300, random).mod(Fr.MODULUS);
      long[] s = new long[3 * FrDeferred.LIMBS];
      put(a, s, 0);
      put(b, s, FrDeferred.LIMBS);
      long[] constants = new long[FrDeferred.LIMBS];
      put(constant, constants, 0);
      FrDeferred.mul(s, 0, FrDeferred.LIMBS, constants, 0, 2 * FrDeferred.LIMBS);
      assertThat(get(s, 2 * FrDeferred.LIMBS).mod(Fr.MODULUS))
          .isEqualTo(a.multiply(b).multiply(RHO_INVERSE).add(constant).mod(Fr.MODULUS));
    }
  }

  @Test
  void dot_ofUpToTwentyTerms_isTheReducedSumPlusTheAddend() {
    for (int n = 0; n <= 20; n++) {
      for (int turn = 0; turn < 20; turn++) {
        long[] s = new long[(n + 2) * FrDeferred.LIMBS];
        long[] constants = new long[n * FrDeferred.LIMBS];
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < n; i++) {
          BigInteger term = turn == 0 ? LARGEST : new BigInteger(260, random);
          BigInteger constant =
              turn == 0
                  ? Fr.MODULUS.subtract(BigInteger.ONE)
                  : new BigInteger(300, random).mod(Fr.MODULUS);
          put(term, s, i * FrDeferred.LIMBS);
          put(constant, constants, i * FrDeferred.LIMBS);
          sum = sum.add(term.multiply(constant));
        }
        BigInteger addend = new BigInteger(300, random).mod(Fr.MODULUS);
        put(addend, s, n * FrDeferred.LIMBS);
        int out = (n + 1) * FrDeferred.LIMBS;
        FrDeferred.dot(s, 0, n, constants, 0, n * FrDeferred.LIMBS, out);
        assertThat(get(s, out).mod(Fr.MODULUS))
            .as("%d terms", n)
            .isEqualTo(sum.multiply(RHO_INVERSE).add(addend).mod(Fr.MODULUS));
      }
    }
  }

  private static void put(BigInteger value, long[] s, int at) {
    for (int k = 0; k < FrDeferred.LIMBS; k++) {
      s[at + k] = value.shiftRight(FrDeferred.LIMB_BITS * k).longValue() & FrDeferred.LIMB_MASK;
    }
  }

  private static BigInteger get(long[] s, int at) {
    BigInteger value = BigInteger.ZERO;
    for (int k = FrDeferred.LIMBS - 1; k >= 0; k--) {
      assertThat(s[at + k]).isBetween(0L, FrDeferred.LIMB_MASK);
      value = value.shiftLeft(FrDeferred.LIMB_BITS).add(BigInteger.valueOf(s[at + k]));
    }
    return value;
  }

  private static Random seeded() {
    long seed = System.nanoTime();
    System.out.println("FrDeferredTest seed " + seed);
    return new Random(seed);
  }
}
