package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.graph.ParentsCache;
import io.selkie.proofs.graph.StackedGraph;
import io.selkie.proofs.hashers.Poseidon;
import io.selkie.proofs.pieces.PieceWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The times of sealing, proving, verifying and unsealing one sector. What was measured was checked:
 * commitments against a known answer where {@link BenchmarkSector} has one, the proof by the
 * verifier, the unsealed data by its CommD.
 *
 * @param proof the seal proof
 * @param threads threads that hashed
 * @param kernel the Poseidon kernel that was used
 * @param commR the sector's, the same for every run of a size
 * @param phases in the order they ran, each with its steps
 */
public record SealBenchmarkRun(
    RegisteredSealProof proof, int threads, String kernel, Commitment commR, List<Phase> phases) {

  /**
   * A phase, or a step of one.
   *
   * @param name such as {@code pc1} or {@code tree-c}
   * @param seconds wall clock
   * @param cpuSeconds what the process used of the processors, compilation included: the figure to
   *     compare on a machine that is shared
   * @param bytesPerSecond the sector's padded bytes over the time
   * @param steps the parts of a phase, in order; empty for a step
   */
  public record Phase(
      String name, double seconds, double cpuSeconds, double bytesPerSecond, List<Phase> steps) {}

  /**
   * Seals and unseals a sector and measures. The graph's parents file is made first, as a phase of
   * its own; where it is there already that takes no time.
   *
   * @param proof the seal proof
   * @param dir an empty or missing directory for the sector's files, which stay
   * @param context threads and the directory of the parents file; its progress is passed on
   * @param nanos a clock in nanoseconds
   * @param cpuNanos the processor time used so far, such as {@link #processCpuNanos}
   * @throws IllegalStateException if a commitment, proof or unsealed data is not what it must be
   * @throws IOException if a file cannot be read or written
   */
  public static SealBenchmarkRun measure(
      RegisteredSealProof proof,
      Path dir,
      SealContext context,
      LongSupplier nanos,
      LongSupplier cpuNanos)
      throws IOException {
    Files.createDirectories(dir);
    return new Measurement(proof, dir, context, nanos, cpuNanos).run();
  }

  /** The processor time of this process in nanoseconds; 0 where the system does not tell. */
  public static long processCpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  /** The run's state: the phases so far and the steps of the one at work. */
  private static final class Measurement {
    private final RegisteredSealProof proof;
    private final BenchmarkSector known;
    private final Path dir;
    private final SealContext context;
    private final LongSupplier nanos;
    private final LongSupplier cpuNanos;
    private final List<Phase> phases = new ArrayList<>();
    private final List<Phase> steps = new ArrayList<>();
    private String step = "";
    private long stepStart;
    private long stepCpuStart;

    Measurement(
        RegisteredSealProof proof,
        Path dir,
        SealContext context,
        LongSupplier nanos,
        LongSupplier cpuNanos) {
      this.proof = proof;
      this.known = BenchmarkSector.of(proof);
      this.dir = dir;
      this.context =
          new SealContext(
              context.threads(),
              context.parentsCacheDir(),
              (name, done, total) -> {
                stepTo(name);
                context.progress().update(name, done, total);
              });
      this.nanos = nanos;
      this.cpuNanos = cpuNanos;
    }

    SealBenchmarkRun run() throws IOException {
      SealSector sector = known.sector();
      Path sealed = dir.resolve("sealed");
      Path cache = dir.resolve("cache");
      phase("parents", this::parents);
      List<PieceInfo> pieces = phase("add piece", this::addPieces);
      PreCommit1Output phase1 =
          phase(
              "pc1",
              () ->
                  SealPreCommit1.run(
                      sector, pieces, dir.resolve("staged"), sealed, cache, context));
      PreCommit2Output phase2 =
          phase("pc2", () -> SealPreCommit2.run(phase1, sealed, cache, context));
      known
          .commR()
          .ifPresent(expected -> require(phase2.commR().equals(expected), "CommR is wrong"));
      Commit1Output output =
          phase(
              "c1",
              () -> SealCommit1.run(sector, known.seed(), phase2, pieces, sealed, cache, context));
      byte[] bincode = output.toBincode();
      Verdict verdict = phase("verify", () -> verify(phase2, bincode));
      require(verdict instanceof Verdict.Valid, "the proof is " + verdict);
      phase("unseal", () -> unseal(phase2, sealed));
      return new SealBenchmarkRun(
          proof, context.threads(), Poseidon.kernelName(), phase2.commR(), List.copyOf(phases));
    }

    private long parents() throws IOException {
      try (ParentsCache parents = ParentsCache.open(StackedGraph.of(proof), context)) {
        return parents.nodeCount();
      }
    }

    private List<PieceInfo> addPieces() throws IOException {
      List<PieceInfo> pieces = new ArrayList<>();
      try (FileChannel staged =
          FileChannel.open(
              dir.resolve("staged"),
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        long at = 0;
        for (int i = 0; i < known.pieces().size(); i++) {
          PaddedPieceSize size = known.pieces().get(i);
          Commitment commP = PieceWriter.write(known.data(i), size.unpadded(), staged, at);
          pieces.add(new PieceInfo(size, commP));
          at += size.bytes();
        }
      }
      return List.copyOf(pieces);
    }

    private Verdict verify(PreCommit2Output phase2, byte[] bincode) {
      return VanillaVerifier.verify(
          proof,
          known.sector().sector(),
          phase2.commR(),
          phase2.commD(),
          known.sector().ticket(),
          known.seed(),
          bincode);
    }

    private long unseal(PreCommit2Output phase2, Path sealed) throws IOException {
      try (FileChannel target =
          FileChannel.open(
              dir.resolve("unsealed"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        Unseal.sector(known.sector(), phase2.commD(), sealed, dir.resolve("work"), target, context);
        return target.size();
      }
    }

    private <T> T phase(String name, Interruptible.Step<T> work) throws IOException {
      steps.clear();
      step = "";
      long start = nanos.getAsLong();
      long cpuStart = cpuNanos.getAsLong();
      T result = work.run();
      stepTo("");
      long cpu = cpuNanos.getAsLong() - cpuStart;
      phases.add(timed(name, nanos.getAsLong() - start, cpu, List.copyOf(steps)));
      return result;
    }

    /** Ends the step at work where another begins. */
    private void stepTo(String next) {
      if (!step.equals(next)) {
        long now = nanos.getAsLong();
        long cpu = cpuNanos.getAsLong();
        if (!step.isEmpty()) {
          steps.add(timed(step, now - stepStart, cpu - stepCpuStart, List.of()));
        }
        step = next;
        stepStart = now;
        stepCpuStart = cpu;
      }
    }

    private Phase timed(String name, long elapsed, long cpu, List<Phase> parts) {
      double seconds = elapsed / 1e9;
      return new Phase(name, seconds, cpu / 1e9, proof.sectorSize().bytes() / seconds, parts);
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new IllegalStateException("benchmark refused: " + otherwise);
      }
    }
  }
}
