package io.selkie.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.Sealer;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorsApi;
import io.selkie.rpc.api.UnsealApi;
import io.selkie.rpc.api.UnsealJob;
import io.selkie.rpc.api.UnsealOptions;
import io.selkie.rpc.api.WorkerJob;
import io.selkie.rpc.api.WorkersApi;
import io.selkie.storage.DiskSpace;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.LocalSealer;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A node that seals nothing itself and a worker in a process of its own, with real proofs: a sector
 * with data is sealed, proven and unsealed; the node, and then the worker, is killed in pre-commit
 * 1.
 */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class WorkerProcessTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String NIL = "00000000-0000-0000-0000-000000000000";

  @TempDir Path directory;
  private int port;

  @Test
  void worker_doesWhatTheNodeDoesNot_throughKillsOfBoth() throws Exception {
    Path repo = directory.resolve("miner");
    Path hold = directory.resolve("hold");
    node(repo).kill();
    Path config = repo.resolve("config.toml");
    String text = Files.readString(config);
    Files.writeString(
        config,
        text.replace("AlwaysKeepUnsealedCopy = true", "AlwaysKeepUnsealedCopy = false")
            .replaceAll("# (Allow[A-Za-z0-9]+) = true", "$1 = false"));

    NodeProcess node = node(repo);
    NodeProcess worker = worker(repo, hold);
    byte[] data = new byte[2032];
    new SplittableRandom(9).nextBytes(data);
    SectorInfo proven = await(node, worker, node.addPiece(data), "Proving");
    assertThat(filesBelow(repo.resolve("unsealed"))).isEmpty();
    unseal(node, proven.sectorId());
    assertThat(filesOfSectors(directory.resolve("worker"))).isEmpty();

    Files.createFile(hold);
    long second = node.sectors().pledgeSector().number();
    worker.awaitLine("held PRE_COMMIT_1");
    WorkerJob given = awaitJob(node, worker, job -> job.task().endsWith("precommit/1"));
    node.kill();
    node = node(repo);
    WorkerJob awaited = awaitJob(node, worker, job -> job.id().equals(given.id()));
    assertThat(awaited.task()).isEqualTo("seal/v0/precommit/1");
    Files.delete(hold);
    await(node, worker, second, "Proving");
    assertThat(node.output()).doesNotContain("precommit/1 of s-t01000-" + second + " given to");

    Files.createFile(hold);
    long third = node.sectors().pledgeSector().number();
    awaitJob(node, worker, job -> job.sector().number() == third && job.task().endsWith("1"));
    worker.kill();
    Files.delete(hold);
    NodeProcess next = worker(repo, hold);
    await(node, next, third, "Proving");
    assertThat(next.output()).doesNotContain("held");

    next.close();
    node.kill();
    assertThat(read(repo, proven)).isEqualTo(data);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private NodeProcess node(Path repo) throws IOException, InterruptedException {
    port = port == 0 ? freePort() : port;
    return NodeProcess.startAt(repo, port, "--sector-size", "2KiB", "--block-time", "50ms");
  }

  private NodeProcess worker(Path repo, Path hold) throws IOException, InterruptedException {
    return NodeProcess.worker(repo, directory.resolve("worker"), "--hold-while", hold.toString());
  }

  private static SectorInfo await(NodeProcess node, NodeProcess worker, long sector, String state)
      throws Exception {
    SectorsApi sectors = node.sectors();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      SectorInfo info = sectors.sectorsStatus(sector, false);
      if (info.state().equals(state)) {
        return info;
      }
      assertThat(System.nanoTime())
          .as(
              "sector %d is in %s (%s)\n%s\n--\n%s",
              sector, info.state(), info.lastErr(), node.output(), worker.output())
          .isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private static WorkerJob awaitJob(
      NodeProcess node, NodeProcess worker, Predicate<WorkerJob> wanted) throws Exception {
    WorkersApi workers = node.client().api(WorkersApi.class);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      for (List<WorkerJob> jobs : workers.workerJobs().values()) {
        for (WorkerJob job : jobs) {
          if (wanted.test(job)) {
            return job;
          }
        }
      }
      assertThat(System.nanoTime())
          .as("no such job, nor under %s\n%s\n--\n%s", NIL, node.output(), worker.output())
          .isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private static void unseal(NodeProcess node, long sector) throws Exception {
    UnsealApi unsealing = node.client().api(UnsealApi.class);
    long id = unsealing.unsealStart(sector, new UnsealOptions(3, 0, 0)).id();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      UnsealJob job = unsealing.unsealStatus(id);
      if (job.ended() != null) {
        assertThat(job.lastError()).isEmpty();
        return;
      }
      assertThat(System.nanoTime()).as("%s\n%s", job, node.output()).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private static List<Path> filesBelow(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static List<Path> filesOfSectors(Path root) throws IOException {
    return filesBelow(root).stream().filter(file -> file.toString().contains("s-t0")).toList();
  }

  /** What lies in the unsealed file, read without the program. */
  private byte[] read(Path repo, SectorInfo sector) throws Exception {
    SectorIndex index = new SectorIndex(InstantSource.system());
    LocalPaths paths = new LocalPaths(index, DiskSpace.ofSystem(), List.of("http://localhost"));
    paths.open(repo);
    LocalSealer sealer =
        new LocalSealer(
            paths, index, new SectorLocks(), 1, Files.createDirectories(directory.resolve("p")));
    Sealer.SectorRef ref =
        new Sealer.SectorRef(
            SectorId.of(1000, sector.sectorId()), RegisteredSealProof.ofNumber(sector.sealProof()));
    try (InputStream in = sealer.readPiece(ref, new UnpaddedRange(0, 2032))) {
      return in.readAllBytes();
    }
  }
}
