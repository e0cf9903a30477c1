package io.selkie.node.proofs;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorSize;
import io.selkie.node.console.Output;
import io.selkie.node.repo.TemporaryTree;
import io.selkie.proofs.seal.SealBenchmarkRun;
import io.selkie.proofs.seal.SealBenchmarkRun.Phase;
import io.selkie.proofs.seal.SealContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Seals a known sector and says how long each phase took. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Seals a sector whose answer is known, checks it, and prints seconds and bytes per second of",
      "each phase, with one thread and with all."
    },
    footer = {"", "Example:", "  selkie proofs bench --size 8MiB --json"})
final class ProofsBenchCommand implements Callable<Integer> {

  @Option(names = "--size", paramLabel = "S", description = "2KiB, 8MiB, 512MiB, … (default 8MiB)")
  private String size = "8MiB";

  @Option(names = "--json", description = "one JSON object on standard output")
  private boolean json;

  @Mixin private SealOptions options = new SealOptions();

  @Override
  public Integer call() throws Exception {
    SectorSize sector = SectorSize.parse(size);
    RegisteredSealProof proof = RegisteredSealProof.of(sector, RegisteredSealProof.Kind.V1_1);
    List<Map<String, Object>> runs = new ArrayList<>();
    for (int threads : new TreeSet<>(List.of(1, options.threads()))) {
      SealBenchmarkRun run = measure(proof, options.context(threads));
      runs.add(describe(run));
      if (!json) {
        print(run, sector);
      }
    }
    if (json) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("sector_size", sector.bytes());
      result.put("java", System.getProperty("java.vm.version"));
      result.put("processors", Runtime.getRuntime().availableProcessors());
      result.put("runs", runs);
      Output.print(result, true);
    }
    return 0;
  }

  private static SealBenchmarkRun measure(RegisteredSealProof proof, SealContext context)
      throws IOException {
    Path directory = Files.createTempDirectory("selkie-bench-");
    try {
      return SealBenchmarkRun.measure(
          proof, directory, context, System::nanoTime, SealBenchmarkRun::processCpuNanos);
    } finally {
      TemporaryTree.delete(directory);
    }
  }

  private static Map<String, Object> describe(SealBenchmarkRun run) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("threads", run.threads());
    result.put("kernel", run.kernel());
    result.put("comm_r", run.commR().hex());
    Map<String, Object> phases = new LinkedHashMap<>();
    for (Phase phase : run.phases()) {
      phases.put(phase.name(), figures(phase));
    }
    result.put("phases", phases);
    return result;
  }

  private static Map<String, Object> figures(Phase phase) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("seconds", phase.seconds());
    figures.put("cpu_seconds", phase.cpuSeconds());
    figures.put("bytes_per_second", phase.bytesPerSecond());
    Map<String, Object> steps = new LinkedHashMap<>();
    for (Phase step : phase.steps()) {
      steps.put(step.name(), step.seconds());
    }
    if (!steps.isEmpty()) {
      figures.put("steps", steps);
    }
    return figures;
  }

  private static void print(SealBenchmarkRun run, SectorSize sector) {
    System.out.println(
        sector + ", " + run.threads() + " thread(s), Poseidon kernel " + run.kernel());
    for (Phase phase : run.phases()) {
      System.out.println(
          String.format(
              Locale.ROOT,
              "  %-10s %9.3f s  %9.3f CPU-s  %9.1f MB/s",
              phase.name(),
              phase.seconds(),
              phase.cpuSeconds(),
              phase.bytesPerSecond() / 1e6));
      for (Phase step : phase.steps()) {
        System.out.println(
            String.format(Locale.ROOT, "    %-14s %9.3f s", step.name(), step.seconds()));
      }
    }
  }
}
