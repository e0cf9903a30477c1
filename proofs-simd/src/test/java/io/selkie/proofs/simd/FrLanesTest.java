package io.selkie.proofs.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.proofs.field.Fr;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lane arithmetic against BigInteger, at the bounds its documentation promises. */
final class FrLanesTest {

  private static final BigInteger RHO = BigInteger.ONE.shiftLeft(261);
  private static final BigInteger LARGEST = RHO.subtract(BigInteger.ONE);

  private final Random random = seeded();

  @Test
  void mul_ofEdgesAndRandomValues_isTheMontgomeryProductPlusTheConstant() {
    for (int turn = 0; turn < 200; turn++) {
      long[] s = new long[3 * FrLanes.ELEMENT];
      BigInteger[] a = fill(s, 0, turn == 0);
      BigInteger[] b = new BigInteger[FrLanes.LANES];
      // One factor may be as large as nine limbs hold, the other is what sums come out as.
      for (int lane = 0; lane < FrLanes.LANES; lane++) {
        b[lane] = turn == 0 ? twiceModulus() : new BigInteger(300, random).mod(twiceModulus());
        put(s, FrLanes.ELEMENT, lane, b[lane]);
      }
      BigInteger constant = new BigInteger(300, random).mod(Fr.MODULUS);
      long[] constants = new long[FrLanes.LIMBS];
      FrLanes.split(constant, constants, 0);
      FrLanes.mul(s, 0, FrLanes.ELEMENT, constants, 0, 2 * FrLanes.ELEMENT);
      for (int lane = 0; lane < FrLanes.LANES; lane++) {
        BigInteger expected = a[lane].multiply(b[lane]).multiply(RHO.modInverse(Fr.MODULUS));
        assertThat(get(s, 2 * FrLanes.ELEMENT, lane).mod(Fr.MODULUS))
            .isEqualTo(expected.add(constant).mod(Fr.MODULUS));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6, 7, 9, 12, 15, 25, 40})
  void dot_ofLargestAndRandomTerms_isTheReducedSumPlusTheAddend(int n) {
    for (boolean largest : new boolean[] {true, false}) {
      int element = FrLanes.ELEMENT;
      long[] s = new long[(n + 2) * element];
      BigInteger[] sums = new BigInteger[FrLanes.LANES];
      for (int lane = 0; lane < FrLanes.LANES; lane++) {
        sums[lane] = BigInteger.ZERO;
      }
      long[] constants = new long[n * FrLanes.LIMBS];
      for (int i = 0; i < n; i++) {
        BigInteger constant =
            largest
                ? Fr.MODULUS.subtract(BigInteger.ONE)
                : new BigInteger(300, random).mod(Fr.MODULUS);
        FrLanes.split(constant, constants, i * FrLanes.LIMBS);
        BigInteger[] terms = fill(s, i * element, largest);
        for (int lane = 0; lane < FrLanes.LANES; lane++) {
          sums[lane] = sums[lane].add(terms[lane].multiply(constant));
        }
      }
      BigInteger addend = new BigInteger(300, random).mod(twiceModulus());
      for (int lane = 0; lane < FrLanes.LANES; lane++) {
        put(s, n * element, lane, addend);
      }
      int out = (n + 1) * element;
      FrLanes.dot(s, 0, n, constants, 0, FrLanes.foldRows(n), n * element, out);
      for (int lane = 0; lane < FrLanes.LANES; lane++) {
        BigInteger expected = sums[lane].multiply(RHO.modInverse(Fr.MODULUS)).add(addend);
        assertThat(get(s, out, lane).mod(Fr.MODULUS)).isEqualTo(expected.mod(Fr.MODULUS));
      }
    }
  }

  private BigInteger[] fill(long[] s, int at, boolean largest) {
    BigInteger[] values = new BigInteger[FrLanes.LANES];
    for (int lane = 0; lane < FrLanes.LANES; lane++) {
      values[lane] = largest ? LARGEST : new BigInteger(261, random);
      put(s, at, lane, values[lane]);
    }
    return values;
  }

  private static BigInteger twiceModulus() {
    return Fr.MODULUS.shiftLeft(1);
  }

  private static void put(long[] s, int at, int lane, BigInteger value) {
    for (int k = 0; k < FrLanes.LIMBS; k++) {
      long limb = value.shiftRight(k * FrLanes.LIMB_BITS).longValue() & FrLanes.LIMB_MASK;
      s[at + k * FrLanes.LANES + lane] = limb;
    }
  }

  private static BigInteger get(long[] s, int at, int lane) {
    BigInteger value = BigInteger.ZERO;
    for (int k = FrLanes.LIMBS - 1; k >= 0; k--) {
      long limb = s[at + k * FrLanes.LANES + lane];
      assertThat(limb).isBetween(0L, FrLanes.LIMB_MASK);
      value = value.shiftLeft(FrLanes.LIMB_BITS).add(BigInteger.valueOf(limb));
    }
    return value;
  }

  private static Random seeded() {
    long seed = System.nanoTime();
    System.out.println("FrLanesTest seed " + seed);
    return new Random(seed);
  }
}
