package io.selkie.proofs.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FrNodesTest {

  @Test
  void addAndSubtract_ofAllPairs_agreeWithBigInteger() {
    List<BigInteger> values = FrTest.edgesAndRandom(30);
    int n = values.size();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate((long) n * n * Fr.BYTES + 7);
      MemorySegment b = arena.allocate((long) n * n * Fr.BYTES + 13);
      MemorySegment out = arena.allocate((long) n * n * Fr.BYTES + 1);
      for (int i = 0; i < n * n; i++) {
        Fr.write(Fr.limbs(values.get(i / n)), 0, a, 7 + (long) i * Fr.BYTES);
        Fr.write(Fr.limbs(values.get(i % n)), 0, b, 13 + (long) i * Fr.BYTES);
      }
      FrNodes.add(a, 7, b, 13, out, 1, (long) n * n);
      for (int i = 0; i < n * n; i++) {
        BigInteger sum = values.get(i / n).add(values.get(i % n)).mod(Fr.MODULUS);
        assertThat(value(out, 1 + (long) i * Fr.BYTES)).isEqualTo(sum);
      }
      FrNodes.subtract(a, 7, b, 13, out, 1, (long) n * n);
      for (int i = 0; i < n * n; i++) {
        BigInteger difference = values.get(i / n).subtract(values.get(i % n)).mod(Fr.MODULUS);
        assertThat(value(out, 1 + (long) i * Fr.BYTES)).isEqualTo(difference);
      }
    }
  }

  @Test
  void addThenSubtract_inPlace_givesTheDataBack() {
    List<BigInteger> values = FrTest.edgesAndRandom(50);
    int n = values.size();
    MemorySegment data = MemorySegment.ofArray(new byte[n * Fr.BYTES]);
    MemorySegment label = MemorySegment.ofArray(new byte[n * Fr.BYTES]);
    for (int i = 0; i < n; i++) {
      Fr.write(Fr.limbs(values.get(i)), 0, data, (long) i * Fr.BYTES);
      Fr.write(Fr.limbs(values.get(n - 1 - i)), 0, label, (long) i * Fr.BYTES);
    }
    FrNodes.add(label, 0, data, 0, data, 0, n);
    FrNodes.subtract(data, 0, label, 0, data, 0, n);
    for (int i = 0; i < n; i++) {
      assertThat(value(data, (long) i * Fr.BYTES)).isEqualTo(values.get(i));
    }
  }

  @Test
  void add_beyondASegment_isRefused() {
    MemorySegment two = MemorySegment.ofArray(new byte[2 * Fr.BYTES]);
    MemorySegment one = MemorySegment.ofArray(new byte[Fr.BYTES]);
    assertThatThrownBy(() -> FrNodes.add(two, 0, two, 0, one, 0, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> FrNodes.subtract(two, 1, two, 0, two, 0, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static BigInteger value(MemorySegment s, long off) {
    long[] limbs = new long[Fr.LIMBS];
    Fr.read(s, off, limbs, 0);
    return Fr.value(limbs, 0);
  }
}
