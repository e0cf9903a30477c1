package io.selkie.proofs.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.proofs.field.Fr;
import io.selkie.proofs.hashers.Poseidon;
import io.selkie.proofs.hashers.PoseidonKernel;
import io.selkie.proofs.hashers.PoseidonScalar;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector kernel against its scalar twin: equal bit for bit. */
final class PoseidonVectorTest {

  private static final PoseidonKernel SCALAR = new PoseidonScalar();
  private static final PoseidonKernel VECTOR = new PoseidonVector(0);

  private static final int[] ROWS = {0, 1, 2, 7, 8, 9, 15, 16, 17, 64, 203};

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 11})
  void hashMany_ofEdgesAndRandomNodes_equalsTheScalarTwin(int arity) {
    Poseidon vector = Poseidon.ofArity(arity, VECTOR);
    Poseidon scalar = Poseidon.ofArity(arity, SCALAR);
    for (int rows : ROWS) {
      assertSameDigests(vector, scalar, nodes(rows * arity), rows);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 24, 36})
  void hashMany_ofWideArities_equalsTheScalarTwin(int arity) {
    assertSameDigests(
        Poseidon.ofArity(arity, VECTOR), Poseidon.ofArity(arity, SCALAR), nodes(9 * arity), 9);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8, 11})
  void hashMany_ofOneValueEverywhere_equalsTheScalarTwin(int arity) {
    Poseidon vector = Poseidon.ofArity(arity, VECTOR);
    Poseidon scalar = Poseidon.ofArity(arity, SCALAR);
    for (BigInteger value : edges()) {
      MemorySegment in = MemorySegment.ofArray(new byte[8 * arity * Fr.BYTES]);
      for (int i = 0; i < 8 * arity; i++) {
        Fr.write(Fr.limbs(value), 0, in, (long) i * Fr.BYTES);
      }
      assertSameDigests(vector, scalar, in, 8);
    }
  }

  @Test
  void hashMany_withAnotherTag_equalsTheScalarTwin() {
    BigInteger tag = Fr.MODULUS.subtract(BigInteger.ONE);
    assertSameDigests(
        Poseidon.ofTag(2, tag, VECTOR), Poseidon.ofTag(2, tag, SCALAR), nodes(2 * 17), 17);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 11})
  void hashColumns_ofNativeLayersAtOddOffsets_equalsTheScalarTwin(int arity) {
    try (Arena arena = Arena.ofConfined()) {
      int rows = 29;
      MemorySegment[] layers = new MemorySegment[arity];
      long[] offsets = new long[arity];
      for (int j = 0; j < arity; j++) {
        offsets[j] = j;
        layers[j] = arena.allocate(j + (long) rows * Fr.BYTES);
        MemorySegment.copy(nodes(rows), 0, layers[j], j, (long) rows * Fr.BYTES);
      }
      MemorySegment fast = arena.allocate(3 + (long) rows * Fr.BYTES);
      MemorySegment slow = arena.allocate(3 + (long) rows * Fr.BYTES);
      Poseidon.ofArity(arity, VECTOR).hashColumns(layers, offsets, fast, 3, rows);
      Poseidon.ofArity(arity, SCALAR).hashColumns(layers, offsets, slow, 3, rows);
      assertThat(fast.mismatch(slow)).isEqualTo(-1);
    }
  }

  @Test
  void hashMany_overItsOwnInput_isTheSameAsBesideIt() {
    Poseidon vector = Poseidon.ofArity(8, VECTOR);
    MemorySegment in = nodes(8 * 37);
    MemorySegment beside = MemorySegment.ofArray(new byte[37 * Fr.BYTES]);
    vector.hashMany(in, 0, beside, 0, 37);
    vector.hashMany(in, 0, in, 0, 37);
    assertThat(in.asSlice(0, 37L * Fr.BYTES).mismatch(beside)).isEqualTo(-1);
  }

  @Test
  void hashMany_whileCold_givesTheSameDigests() {
    Poseidon vector = Poseidon.ofArity(2, new PoseidonVector(40));
    Poseidon scalar = Poseidon.ofArity(2, SCALAR);
    for (int rows : new int[] {30, 30, 600, 30}) {
      assertSameDigests(vector, scalar, nodes(2 * rows), rows);
    }
  }

  @Test
  void serviceLoader_findsTheVectorKernel() {
    assertThat(ServiceLoader.load(PoseidonKernel.class))
        .hasAtLeastOneElementOfType(PoseidonVector.class);
    assertThat(Poseidon.kernelName()).isEqualTo(VECTOR.isPreferred() ? VECTOR.name() : "scalar-52");
  }

  private static void assertSameDigests(
      Poseidon vector, Poseidon scalar, MemorySegment in, int rows) {
    MemorySegment fast = MemorySegment.ofArray(new byte[rows * Fr.BYTES]);
    MemorySegment slow = MemorySegment.ofArray(new byte[rows * Fr.BYTES]);
    vector.hashMany(in, 0, fast, 0, rows);
    scalar.hashMany(in, 0, slow, 0, rows);
    assertThat(fast.mismatch(slow)).as("%d rows", rows).isEqualTo(-1);
  }

  private static List<BigInteger> edges() {
    List<BigInteger> edges = new ArrayList<>();
    edges.add(BigInteger.ZERO);
    edges.add(BigInteger.ONE);
    edges.add(Fr.MODULUS.subtract(BigInteger.ONE));
    edges.add(BigInteger.ONE.shiftLeft(254).subtract(BigInteger.ONE));
    return edges;
  }

  /** Every third node is an edge value. */
  private static MemorySegment nodes(int count) {
    long seed = System.nanoTime();
    System.out.println("PoseidonVectorTest seed " + seed);
    Random random = new Random(seed);
    List<BigInteger> edges = edges();
    MemorySegment nodes = MemorySegment.ofArray(new byte[count * Fr.BYTES]);
    for (int i = 0; i < count; i++) {
      BigInteger value =
          i % 3 == 0
              ? edges.get(random.nextInt(edges.size()))
              : new BigInteger(300, random).mod(Fr.MODULUS);
      Fr.write(Fr.limbs(value), 0, nodes, (long) i * Fr.BYTES);
    }
    return nodes;
  }
}
