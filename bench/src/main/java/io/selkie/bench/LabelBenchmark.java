package io.selkie.bench;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.graph.ParentsCache;
import io.selkie.proofs.graph.StackedGraph;
import io.selkie.proofs.porep.LabelGenerator;
import io.selkie.proofs.seal.CacheFiles;
import io.selkie.proofs.seal.SealContext;
import io.selkie.proofs.seal.SealProgress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds per label of an 8 MiB sector, all in: a layer is computed, written, forced and given
 * its name, while the other one is found complete. {@code hashAlone} is the floor: as many hashes
 * of 1,248 bytes with nothing else. Each iteration also prints the thread's own processor time per
 * label, which holds on a machine that others use meanwhile.
 *
 * {@snippet :
 * bench/run LabelBenchmark
 * }
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(LabelBenchmark.NODES)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class LabelBenchmark {

  static final int NODES = 1 << 18;

  /** A sector sealed by rust-fil-proofs, API 19.1.0: its replica id and its layers' SHA-256. */
  private static final String REPLICA_ID =
      "1d44c3d6ba9d681bdbcd528ece53e42d6fcf4793bfa349b62521db487b475d26";

  private static final List<String> LAYERS =
      List.of(
          "4d7e405895de7e7933cfb4fb069c51eb6895bc92cae075071a4d2905175fa62f",
          "6ffd5544650ebf198f271caf79ca5ae6ee15c47ee18163bc554fee4387dc1811");

  private final StackedGraph graph = StackedGraph.of(RegisteredSealProof.STACKED_DRG_8MIB_V1_1);
  private final Path dir;
  private final ParentsCache parents;
  private final MessageDigest sha256;
  private final byte[] preimage = new byte[1248];
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private long labels;
  private long cpuNanos;

  /** Opens the parents in a temporary directory. */
  public LabelBenchmark() {
    try {
      dir = Files.createTempDirectory("labels");
      parents = ParentsCache.open(dir, graph);
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Generates both layers and compares them with the known answers. */
  @Setup
  public void prepare() throws IOException {
    generate(1);
    for (int layer = 1; layer <= LAYERS.size(); layer++) {
      byte[] labels = Files.readAllBytes(dir.resolve(CacheFiles.layer(layer)));
      if (!HexFormat.of().formatHex(sha256.digest(labels)).equals(LAYERS.get(layer - 1))) {
        throw new IllegalStateException("layer " + layer + ": wrong labels");
      }
    }
  }

  /** Notes the thread's processor time. */
  @Setup(Level.Iteration)
  public void begin() {
    labels = 0;
    cpuNanos = threads.getCurrentThreadCpuTime();
  }

  /** Prints the iteration's processor time. */
  @TearDown(Level.Iteration)
  public void end() {
    double nanos = threads.getCurrentThreadCpuTime() - cpuNanos;
    System.out.printf(Locale.ROOT, "[%.1f ns of processor time] ", nanos / labels);
  }

  /** Deletes the files. */
  @TearDown(Level.Trial)
  public void clean() throws IOException {
    parents.close();
    try (var files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(dir);
  }

  @Benchmark
  public Path firstLayer() throws IOException {
    Files.delete(dir.resolve(CacheFiles.layer(1)));
    return generate(1);
  }

  @Benchmark
  public Path laterLayer() throws IOException {
    Files.delete(dir.resolve(CacheFiles.layer(2)));
    return generate(1);
  }

  /** As {@link #laterLayer}, with a second thread that gathers expander parents. */
  @Benchmark
  public Path laterLayerTwoThreads() throws IOException {
    Files.delete(dir.resolve(CacheFiles.layer(2)));
    return generate(2);
  }

  @Benchmark
  public byte[] hashAlone() throws DigestException {
    for (int i = 0; i < NODES; i++) {
      sha256.update(preimage, 0, preimage.length);
      sha256.digest(preimage, 64, 32);
    }
    labels += NODES;
    return preimage;
  }

  private Path generate(int threads) throws IOException {
    byte[] replicaId = HexFormat.of().parseHex(REPLICA_ID);
    SealContext context = new SealContext(threads, dir, SealProgress.NONE);
    LabelGenerator.generate(graph, parents, replicaId, dir, context);
    labels += NODES;
    return dir;
  }
}
