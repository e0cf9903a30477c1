package io.selkie.node.proving;

import io.selkie.abi.Commitment;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.proofs.post.SectorPostProof;
import io.selkie.storage.ReplicaProofs;
import io.selkie.storage.SectorLocks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes vanilla proofs of spacetime for whoever asks, within limits. Thread-safe. */
public final class SectorProver {

  /** Sectors read at once, as in the reference ({@code [Proving] ParallelCheckLimit}). */
  public static final int AT_ONCE = 32;

  /** For one sector, as in the reference ({@code [Proving] SingleCheckTimeout}). */
  public static final Duration ONE_SECTOR = Duration.ofMinutes(10);

  /** How Go says that a time is over; scripts look for it. */
  static final String TOO_LATE = "context deadline exceeded";

  private static final Logger LOG = LoggerFactory.getLogger(SectorProver.class);

  private final ReplicaProofs replicas;
  private final TimedWork work;

  /**
   * @param work whose places and times it keeps to
   */
  public SectorProver(ReplicaProofs replicas, TimedWork work) {
    this.replicas = replicas;
    this.work = work;
  }

  /**
   * What is to be proven.
   *
   * @param commR what the replica is held to
   * @param nodes the challenged nodes, below the size's count of them
   */
  public record Challenged(
      SectorId sector,
      ReplicaProofs.Replica replica,
      SectorSize size,
      Commitment commR,
      long[] nodes) {}

  /** How it went. */
  public sealed interface Outcome {

    /** The proof, verified. */
    record Proven(SectorPostProof proof) implements Outcome {}

    /** Why there is none, in the reference's words as far as it has any. */
    record Unprovable(String reason) implements Outcome {}
  }

  /**
   * Proves a sector, or says why it cannot be proven.
   *
   * @param patience how long to wait until it is its turn
   */
  public Outcome prove(Challenged sector, Duration patience) throws InterruptedException {
    try {
      return work.run("prove-" + sector.sector(), patience, () -> outcome(sector));
    } catch (TimedWork.Late late) {
      LOG.warn("{} is not proven: {}", sector.sector(), late.getMessage());
      return new Outcome.Unprovable(
          late.begun()
              ? "generating vanilla proof: failed to generate vanilla proof before context"
                  + " cancellation: "
                  + TOO_LATE
              : "waiting for check worker: " + TOO_LATE);
    } catch (ExecutionException defect) {
      throw new IllegalStateException("proving " + sector.sector(), defect.getCause());
    }
  }

  /**
   * Proves many.
   *
   * @param patience how long to wait until it is the last one's turn
   * @return how each went, in their order
   */
  List<Outcome> proveAll(List<Challenged> sectors, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Outcome>> running =
          sectors.stream()
              .map(each ->
                  all.submit(
                      () -> prove(each, Duration.ofNanos(Math.max(0, end - System.nanoTime())))))
              .toList();
      List<Outcome> outcomes = new ArrayList<>(running.size());
      try {
        for (Future<Outcome> each : running) {
          outcomes.add(each.get());
        }
      } catch (InterruptedException cancelled) {
        all.shutdownNow();
        throw cancelled;
      } catch (ExecutionException defect) {
        all.shutdownNow();
        throw new IllegalStateException("proving sectors", defect.getCause());
      }
      return outcomes;
    }
  }

  private Outcome outcome(Challenged sector) {
    Optional<SectorLocks.Held> held = replicas.tryLock(sector.sector(), sector.replica());
    if (held.isEmpty()) {
      return new Outcome.Unprovable("can't acquire read lock");
    }
    try (SectorLocks.Held _ = held.get()) {
      return new Outcome.Proven(
          replicas.prove(
              sector.sector(), sector.replica(), sector.size(), sector.commR(), sector.nodes()));
    } catch (IOException unreadable) {
      LOG.warn("{} cannot be proven: {}", sector.sector(), unreadable.getMessage());
      return new Outcome.Unprovable("generating vanilla proof: " + unreadable.getMessage());
    }
  }
}
