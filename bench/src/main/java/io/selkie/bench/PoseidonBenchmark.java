package io.selkie.bench;

import io.selkie.proofs.field.Fr;
import io.selkie.proofs.hashers.Poseidon;
import io.selkie.proofs.hashers.PoseidonDeferred;
import io.selkie.proofs.hashers.PoseidonKernel;
import io.selkie.proofs.hashers.PoseidonScalar;
import io.selkie.proofs.simd.PoseidonVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Microseconds per Poseidon hash on one thread, the three kernels side by side: the readable scalar
 * one, the fast scalar one, and the vector one.
 *
 * {@snippet :
 * bench/run PoseidonBenchmark -prof gc
 * }
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(PoseidonBenchmark.ROWS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class PoseidonBenchmark {

  static final int ROWS = 1024;

  /** Digests of the nodes 0, 1, …, arity − 1, as published for Filecoin's Poseidon. */
  private static final Map<Integer, String> KNOWN =
      Map.of(
          2, "ffe7029a363c202e9da6059d33a9fba661e1ef02d90f9e736ba5765ed7086539",
          4, "5d076266ff149801ec2713bf05466bfb99932279653cdb008a84e5a9104ba558",
          8, "e6a5386df534992ad9aec49c9d2e684b777067114200011255dea5a31d619423",
          11, "6331692bc3bbe3cec18fb0ccd8dcf3097ae8eb32e237a56c287f22e5b2c10f0c");

  /** Nodes hashed at once: 2 and 8 and 11 are trees and columns of sectors. */
  @Param({"2", "4", "8", "11"})
  public int arity;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment out = arena.allocate((long) ROWS * Fr.BYTES);
  private MemorySegment in = out;
  private Poseidon scalarTwin = Poseidon.ofArity(2, new PoseidonScalar());
  private Poseidon deferredTwin = scalarTwin;
  private Poseidon vectorTwin = scalarTwin;

  /** Fills the rows and compares all digests of all twins with the known answer. */
  @Setup
  public void prepare() {
    in = arena.allocate((long) ROWS * arity * Fr.BYTES);
    for (long i = 0; i < (long) ROWS * arity; i++) {
      in.set(ValueLayout.JAVA_BYTE, i * Fr.BYTES, (byte) (i % arity));
    }
    scalarTwin = checked(new PoseidonScalar());
    deferredTwin = checked(new PoseidonDeferred());
    vectorTwin = checked(new PoseidonVector());
  }

  @Benchmark
  public MemorySegment scalar() {
    scalarTwin.hashMany(in, 0, out, 0, ROWS);
    return out;
  }

  @Benchmark
  public MemorySegment deferred() {
    deferredTwin.hashMany(in, 0, out, 0, ROWS);
    return out;
  }

  @Benchmark
  public MemorySegment vector() {
    vectorTwin.hashMany(in, 0, out, 0, ROWS);
    return out;
  }

  private Poseidon checked(PoseidonKernel kernel) {
    Poseidon poseidon = Poseidon.ofArity(arity, kernel);
    poseidon.hashMany(in, 0, out, 0, ROWS);
    byte[] known = HexFormat.of().parseHex(Objects.requireNonNull(KNOWN.get(arity)));
    for (int row = 0; row < ROWS; row++) {
      MemorySegment digest = out.asSlice((long) row * Fr.BYTES, Fr.BYTES);
      if (digest.mismatch(MemorySegment.ofArray(known)) != -1) {
        throw new IllegalStateException(
            kernel.name() + ", arity " + arity + ", row " + row + ": wrong digest");
      }
    }
    return poseidon;
  }
}
