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
import io.selkie.storage.DiskSpace;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.LocalSealer;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The real program is killed while an unsealing job is queued, and again while it runs; started
 * once more, it ends the job by itself, and the bytes are right.
 */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class UnsealKillTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;

  @Test
  void job_killedWhileQueuedAndWhileRunning_endsByItself() throws Exception {
    Path repo = directory.resolve("miner");
    start(repo).kill();
    Path config = repo.resolve("config.toml");
    String text = Files.readString(config);
    assertThat(text).contains("AlwaysKeepUnsealedCopy = true");
    Files.writeString(
        config, text.replace("AlwaysKeepUnsealedCopy = true", "AlwaysKeepUnsealedCopy = false"));
    byte[] data = new byte[2032];
    new SplittableRandom(4).nextBytes(data);

    NodeProcess node = start(repo);
    SectorInfo proven = seal(node, data);
    long sector = proven.sectorId();
    Path unsealed = repo.resolve("unsealed/s-t01000-" + sector);
    assertThat(unsealed).doesNotExist();
    node.kill();

    NodeProcess queued = start(repo, "--hold-at", "UnsealQueued");
    Thread caller = unsealUntilKilled(queued, sector);
    queued.awaitLine("held s-t01000-" + sector + " UnsealQueued");
    queued.kill();
    caller.join();

    NodeProcess running = start(repo, "--hold-at", "UnsealRunning");
    running.awaitLine("held s-t01000-" + sector + " UnsealRunning");
    UnsealJob before = running.client().api(UnsealApi.class).unsealList().getFirst();
    assertThat(before.state()).isEqualTo("Running");
    assertThat(unsealed).doesNotExist();
    running.kill();

    node = start(repo);
    UnsealJob job = awaitEnd(node, before.id());
    assertThat(job.lastError()).isEmpty();
    assertThat(job.state()).isEqualTo("Done");
    assertThat(job.attempts()).isEqualTo(2);
    assertThat(job.failures()).isZero();
    assertThat(job.requestedBy()).containsExactly("UnsealStart");
    assertThat(job.priority()).isEqualTo(3);
    node.kill();
    assertThat(read(repo, proven)).isEqualTo(data);
  }

  private static NodeProcess start(Path repo, String... more)
      throws IOException, InterruptedException {
    String[] options = new String[more.length + 4];
    System.arraycopy(
        new String[] {"--sector-size", "2KiB", "--block-time", "50ms"}, 0, options, 0, 4);
    System.arraycopy(more, 0, options, 4, more.length);
    return NodeProcess.start(repo, options);
  }

  private static SectorInfo seal(NodeProcess node, byte[] data) throws Exception {
    SectorsApi sectors = node.sectors();
    long sector = node.addPiece(data);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      SectorInfo info = sectors.sectorsStatus(sector, false);
      if (info.state().equals("Proving")) {
        return info;
      }
      assertThat(System.nanoTime())
          .as("sector %d is in %s (%s)", sector, info.state(), info.lastErr())
          .isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  /** A call that the process does not live to answer. */
  private static Thread unsealUntilKilled(NodeProcess node, long sector) throws IOException {
    UnsealApi unsealing = node.client().api(UnsealApi.class);
    return Thread.startVirtualThread(() -> {
      try {
        var answer = unsealing.unsealStart(sector, new UnsealOptions(3, 0, 0));
        assertThat(answer).as("the process was held").isNull();
      } catch (Exception killed) {
        assertThat(killed).isNotNull();
      }
    });
  }

  private static UnsealJob awaitEnd(NodeProcess node, long id) throws Exception {
    UnsealApi unsealing = node.client().api(UnsealApi.class);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      UnsealJob job = unsealing.unsealStatus(id);
      if (job.ended() != null) {
        return job;
      }
      assertThat(System.nanoTime()).as("%s\n%s", job, node.output()).isLessThan(deadline);
      Thread.sleep(50);
    }
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
