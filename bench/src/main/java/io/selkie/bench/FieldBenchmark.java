package io.selkie.bench;

import io.selkie.proofs.field.Fr;
import io.selkie.proofs.field.FrNodes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds per node of encoding and decoding, and per scalar product, on one thread.
 *
 * {@snippet :
 * bench/run FieldBenchmark -prof gc
 * }
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(FieldBenchmark.NODES)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class FieldBenchmark {

  /** 8 MiB per operand: more than the second-level cache holds. */
  static final int NODES = 1 << 18;

  private static final long SEED = 20260101;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment labels = arena.allocate((long) NODES * Fr.BYTES);
  private final MemorySegment data = arena.allocate((long) NODES * Fr.BYTES);
  private final MemorySegment replica = arena.allocate((long) NODES * Fr.BYTES);
  private final long[] factors = new long[NODES * Fr.LIMBS];

  /** Fills both operands and compares sums and products with BigInteger. */
  @Setup
  public void prepare() {
    Random random = new Random(SEED);
    for (int i = 0; i < NODES; i++) {
      long[] label = Fr.limbs(new BigInteger(254, random));
      Fr.write(label, 0, labels, (long) i * Fr.BYTES);
      Fr.write(Fr.limbs(new BigInteger(254, random)), 0, data, (long) i * Fr.BYTES);
      System.arraycopy(label, 0, factors, i * Fr.LIMBS, Fr.LIMBS);
    }
    FrNodes.add(labels, 0, data, 0, replica, 0, NODES);
    for (int i = 0; i < NODES; i++) {
      BigInteger sum = value(labels, i).add(value(data, i)).mod(Fr.MODULUS);
      if (!value(replica, i).equals(sum)) {
        throw new IllegalStateException("node " + i + ": wrong sum");
      }
    }
    FrNodes.subtract(replica, 0, labels, 0, replica, 0, NODES);
    if (replica.mismatch(data) != -1) {
      throw new IllegalStateException("decoding does not give the data back");
    }
    long[] product = new long[Fr.LIMBS];
    Fr.mul(factors, 0, factors, Fr.LIMBS, product, 0);
    BigInteger expected =
        Fr.value(factors, 0)
            .multiply(Fr.value(factors, Fr.LIMBS))
            .multiply(BigInteger.ONE.shiftLeft(256).modInverse(Fr.MODULUS))
            .mod(Fr.MODULUS);
    if (!Fr.value(product, 0).equals(expected)) {
      throw new IllegalStateException("wrong product");
    }
  }

  @Benchmark
  public MemorySegment encode() {
    FrNodes.add(labels, 0, data, 0, replica, 0, NODES);
    return replica;
  }

  @Benchmark
  public MemorySegment decode() {
    FrNodes.subtract(labels, 0, data, 0, replica, 0, NODES);
    return replica;
  }

  /** Products that wait for each other. */
  @Benchmark
  public long[] multiply() {
    long[] product = {1, 2, 3, 4};
    for (int i = 0; i < NODES * Fr.LIMBS; i += Fr.LIMBS) {
      Fr.mul(product, 0, factors, i, product, 0);
    }
    return product;
  }

  private static BigInteger value(MemorySegment nodes, int node) {
    long[] limbs = new long[Fr.LIMBS];
    Fr.read(nodes, (long) node * Fr.BYTES, limbs, 0);
    return Fr.value(limbs, 0);
  }
}
