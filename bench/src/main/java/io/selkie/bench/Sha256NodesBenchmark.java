package io.selkie.bench;

import io.selkie.proofs.hashers.Sha256Nodes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
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
 * Nanoseconds per inner node of TreeD on one thread.
 *
 * {@snippet :
 * bench/run Sha256NodesBenchmark -prof gc
 * }
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Sha256NodesBenchmark.PAIRS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class Sha256NodesBenchmark {

  static final int PAIRS = 1 << 14;

  /** The network's zero piece of 64 bytes. */
  private static final String ZERO_PAIR =
      "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb0b";

  private final Arena arena = Arena.ofShared();
  private final MemorySegment in = arena.allocate(64L * PAIRS);
  private final MemorySegment out = arena.allocate(32L * PAIRS);

  /** Compares every digest of zero nodes with the known answer. */
  @Setup
  public void prepare() {
    Sha256Nodes.hashPairs(in, 0, out, 0, PAIRS);
    MemorySegment known = MemorySegment.ofArray(HexFormat.of().parseHex(ZERO_PAIR));
    for (int i = 0; i < PAIRS; i++) {
      if (out.asSlice(32L * i, 32).mismatch(known) != -1) {
        throw new IllegalStateException("pair " + i + ": wrong digest");
      }
    }
  }

  @Benchmark
  public MemorySegment hashPairs() {
    Sha256Nodes.hashPairs(in, 0, out, 0, PAIRS);
    return out;
  }
}
