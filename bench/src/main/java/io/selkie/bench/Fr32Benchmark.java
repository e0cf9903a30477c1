package io.selkie.bench;

import io.selkie.proofs.fr32.Fr32;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
 * Client bytes per nanosecond, that is GB/s, on one thread, for a piece of 1 MiB.
 *
 * {@snippet :
 * bench/run Fr32Benchmark -prof gc
 * }
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Fr32Benchmark.GROUPS * Fr32.UNPADDED_GROUP_BYTES)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class Fr32Benchmark {

  static final int GROUPS = 8192;

  /** The bytes 0, 1, …, 126 padded, a worked example of the specification. */
  private static final String COUNTING =
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
          + "8084888c9094989ca0a4a8acb0b4b8bcc0c4c8ccd0d4d8dce0e4e8ecf0f4f83c"
          + "03142434445464748494a4b4c4d4e4f404152535455565758595a5b5c5d5e535"
          + "175898d8185999d9195a9ada1a5b9bdb1b5c9cdc1c5d9ddd1d5e9ede1e5f9f1f";

  private final Arena arena = Arena.ofShared();
  private final MemorySegment data = arena.allocate((long) GROUPS * Fr32.UNPADDED_GROUP_BYTES);
  private final MemorySegment padded = arena.allocate((long) GROUPS * Fr32.PADDED_GROUP_BYTES);
  private final MemorySegment back = arena.allocate((long) GROUPS * Fr32.UNPADDED_GROUP_BYTES);

  /** Pads counting bytes and compares every group with the example, then takes them back. */
  @Setup
  public void prepare() {
    for (long i = 0; i < data.byteSize(); i++) {
      data.set(ValueLayout.JAVA_BYTE, i, (byte) (i % Fr32.UNPADDED_GROUP_BYTES));
    }
    Fr32.pad(data, 0, padded, 0, GROUPS);
    MemorySegment known = MemorySegment.ofArray(HexFormat.of().parseHex(COUNTING));
    for (long i = 0; i < padded.byteSize(); i += Fr32.PADDED_GROUP_BYTES) {
      if (padded.asSlice(i, Fr32.PADDED_GROUP_BYTES).mismatch(known) != -1) {
        throw new IllegalStateException("padded byte " + i + ": wrong group");
      }
    }
    Fr32.unpad(padded, 0, back, 0, GROUPS);
    if (back.mismatch(data) != -1) {
      throw new IllegalStateException("unpadding does not give the data back");
    }
  }

  @Benchmark
  public MemorySegment pad() {
    Fr32.pad(data, 0, padded, 0, GROUPS);
    return padded;
  }

  @Benchmark
  public MemorySegment unpad() {
    Fr32.unpad(padded, 0, back, 0, GROUPS);
    return back;
  }
}
