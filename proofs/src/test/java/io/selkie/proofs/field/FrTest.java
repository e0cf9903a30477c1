package io.selkie.proofs.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FrTest {

  private static final BigInteger R = Fr.MODULUS;
  private static final BigInteger RADIX_INVERSE = BigInteger.ONE.shiftLeft(256).modInverse(R);

  @Test
  void operations_onEdgesAndRandomPairs_agreeWithBigInteger() {
    List<BigInteger> values = edgesAndRandom(60);
    long[] out = new long[Fr.LIMBS];
    for (BigInteger x : values) {
      for (BigInteger y : values) {
        long[] a = Fr.limbs(x);
        long[] b = Fr.limbs(y);
        Fr.add(a, 0, b, 0, out, 0);
        assertThat(Fr.value(out, 0)).isEqualTo(x.add(y).mod(R));
        Fr.subtract(a, 0, b, 0, out, 0);
        assertThat(Fr.value(out, 0)).isEqualTo(x.subtract(y).mod(R));
        Fr.mul(a, 0, b, 0, out, 0);
        assertThat(Fr.value(out, 0)).isEqualTo(x.multiply(y).multiply(RADIX_INVERSE).mod(R));
      }
    }
  }

  @Test
  void dot_ofUpToThirtySevenTerms_agreesWithBigInteger() {
    List<BigInteger> values = edgesAndRandom(74);
    BigInteger largest = R.subtract(BigInteger.ONE);
    for (int n = 0; n <= 37; n++) {
      for (boolean extreme : new boolean[] {false, true}) {
        long[] a = new long[37 * Fr.LIMBS];
        long[] b = new long[37 * Fr.LIMBS];
        BigInteger sum = BigInteger.ZERO;
        for (int k = 0; k < n; k++) {
          BigInteger x = extreme ? largest : values.get(k);
          BigInteger y = extreme ? largest : values.get(values.size() - 1 - k);
          System.arraycopy(Fr.limbs(x), 0, a, k * Fr.LIMBS, Fr.LIMBS);
          System.arraycopy(Fr.limbs(y), 0, b, k * Fr.LIMBS, Fr.LIMBS);
          sum = sum.add(x.multiply(y));
        }
        long[] out = new long[Fr.LIMBS];
        Fr.dot(a, 0, b, 0, n, out, 0);
        assertThat(Fr.value(out, 0))
            .as("%d terms", n)
            .isEqualTo(sum.multiply(RADIX_INVERSE).mod(R));
      }
    }
  }

  @Test
  void montgomery_thereAndBack_isTheSameValue() {
    long[] out = new long[Fr.LIMBS];
    for (BigInteger x : edgesAndRandom(100)) {
      Fr.toMontgomery(Fr.limbs(x), 0, out, 0);
      assertThat(Fr.value(out, 0)).isEqualTo(x.shiftLeft(256).mod(R));
      Fr.fromMontgomery(out, 0, out, 0);
      assertThat(Fr.value(out, 0)).isEqualTo(x);
    }
  }

  @Test
  void pow5_inPlace_isTheFifthPower() {
    long[] out = new long[Fr.LIMBS];
    for (BigInteger x : edgesAndRandom(100)) {
      Fr.toMontgomery(Fr.limbs(x), 0, out, 0);
      Fr.pow5(out, 0, out, 0, new long[Fr.LIMBS]);
      Fr.fromMontgomery(out, 0, out, 0);
      assertThat(Fr.value(out, 0)).isEqualTo(x.modPow(BigInteger.valueOf(5), R));
    }
  }

  @Test
  void inverse_ofNonZero_agreesWithBigInteger() {
    long[] out = new long[Fr.LIMBS];
    for (BigInteger x : edgesAndRandom(20)) {
      if (x.signum() != 0) {
        Fr.toMontgomery(Fr.limbs(x), 0, out, 0);
        Fr.inverse(out, 0, out, 0);
        Fr.fromMontgomery(out, 0, out, 0);
        assertThat(Fr.value(out, 0)).isEqualTo(x.modInverse(R));
      }
    }
    assertThatThrownBy(() -> Fr.inverse(new long[Fr.LIMBS], 0, out, 0))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void isCanonical_aroundTheModulus_holdsBelowItOnly() {
    assertThat(Fr.isCanonical(node(BigInteger.ZERO), 3)).isTrue();
    assertThat(Fr.isCanonical(node(R.subtract(BigInteger.ONE)), 3)).isTrue();
    assertThat(Fr.isCanonical(node(R), 3)).isFalse();
    assertThat(Fr.isCanonical(node(R.add(BigInteger.ONE)), 3)).isFalse();
    BigInteger top = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
    assertThat(Fr.isCanonical(node(top), 3)).isFalse();
  }

  @Test
  void limbs_ofValuesOutsideTheField_areRefused() {
    assertThatThrownBy(() -> Fr.limbs(R)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Fr.limbs(BigInteger.ONE.negate()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The value as bytes from offset 3 on. */
  private static MemorySegment node(BigInteger value) {
    byte[] bytes = new byte[3 + Fr.BYTES];
    for (int i = 0; i < Fr.BYTES; i++) {
      bytes[3 + i] = value.shiftRight(8 * i).byteValue();
    }
    return MemorySegment.ofArray(bytes);
  }

  static List<BigInteger> edgesAndRandom(int random) {
    List<BigInteger> values = new ArrayList<>();
    values.add(BigInteger.ZERO);
    values.add(BigInteger.ONE);
    values.add(R.subtract(BigInteger.ONE));
    values.add(R.subtract(BigInteger.TWO));
    for (int bits = 64; bits < 255; bits += 64) {
      values.add(BigInteger.ONE.shiftLeft(bits));
      values.add(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
    }
    long seed = System.nanoTime();
    System.out.println("FrTest seed " + seed);
    Random source = new Random(seed);
    for (int i = 0; i < random; i++) {
      values.add(new BigInteger(300, source).mod(R));
    }
    return values;
  }
}
