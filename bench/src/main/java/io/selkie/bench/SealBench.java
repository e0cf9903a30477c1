package io.selkie.bench;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorSize;
import io.selkie.proofs.seal.SealBenchmarkRun;
import io.selkie.proofs.seal.SealContext;
import io.selkie.proofs.seal.SealProgress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/**
 * A whole sector, phase by phase: one thread, then all threads.
 *
 * <p>Not JMH: a phase runs for seconds to hours and writes files, so it is measured once after
 * smaller sectors have warmed the code. Run {@code bench/run-sector 8MiB}; the directory for the
 * files is the second argument, the temporary directory by default.
 */
public final class SealBench {
  private static final int WARM_UPS = 3;

  private SealBench() {}

  /**
   * Measures and prints.
   *
   * @param args sector size, then optionally a directory, then a number of threads to measure alone
   */
  public static void main(String[] args) throws IOException {
    SectorSize size = SectorSize.parse(args.length > 0 ? args[0] : "8MiB");
    Path home =
        args.length > 1
            ? Files.createDirectories(Path.of(args[1]))
            : Files.createTempDirectory("selkie-bench");
    int all = Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < WARM_UPS; i++) {
      measure(SectorSize.KIB_2, home, all);
    }
    if (size != SectorSize.KIB_2) {
      measure(SectorSize.MIB_8, home, all);
    }
    List<Integer> counts = args.length > 2 ? List.of(Integer.valueOf(args[2])) : List.of(1, all);
    for (int threads : new LinkedHashSet<>(counts)) {
      print(measure(size, home, threads), System.out);
    }
  }

  private static SealBenchmarkRun measure(SectorSize size, Path home, int threads)
      throws IOException {
    Path dir = home.resolve("sector");
    delete(dir);
    try {
      return SealBenchmarkRun.measure(
          RegisteredSealProof.of(size, RegisteredSealProof.Kind.V1_1),
          dir,
          new SealContext(threads, home.resolve("parents"), SealProgress.NONE),
          System::nanoTime,
          SealBenchmarkRun::processCpuNanos);
    } finally {
      delete(dir);
    }
  }

  private static void print(SealBenchmarkRun run, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%s, %d thread(s), Poseidon %s, CommR %s%n",
        run.proof().sectorSize(),
        run.threads(),
        run.kernel(),
        run.commR());
    for (SealBenchmarkRun.Phase phase : run.phases()) {
      line(out, phase, "");
      phase.steps().forEach(step -> line(out, step, "  "));
    }
  }

  private static void line(PrintStream out, SealBenchmarkRun.Phase phase, String indent) {
    out.printf(
        Locale.ROOT,
        "%-24s %10.3f s %10.2f s CPU %14.0f bytes/s%n",
        indent + phase.name(),
        phase.seconds(),
        phase.cpuSeconds(),
        phase.bytesPerSecond());
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
        for (Path child : children) {
          delete(child);
        }
      }
    }
    Files.deleteIfExists(path);
  }
}
