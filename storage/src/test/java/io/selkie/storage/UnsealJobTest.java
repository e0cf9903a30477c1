package io.selkie.storage;

import static io.selkie.storage.LotusSector3.SECTOR;
import static io.selkie.storage.SealAndStore.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.SectorSize;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.PipelineListener;
import io.selkie.pipeline.PipelineParts;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.pipeline.SealingConfig;
import io.selkie.pipeline.SystemTimekeeper;
import io.selkie.pipeline.WorkPool;
import io.selkie.pipeline.unseal.UnsealJob;
import io.selkie.pipeline.unseal.UnsealJobs;
import io.selkie.pipeline.unseal.UnsealRequest;
import io.selkie.pipeline.unseal.UnsealState;
import io.selkie.testkit.FakeChain;
import io.selkie.testkit.InMemoryJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs on the files of a sector that lotus-miner sealed and finalised. */
@Timeout(60)
class UnsealJobTest {

  @TempDir static Path parents;

  @TempDir Path dir;

  /**
   * The reference answers {@code copying data: EOF} for these files, and leaves an unsealed file
   * behind that claims to hold what it does not.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void job_ofLotusFinalisedFiles_recoversThePieces(boolean withFailedAttempt) throws Exception {
    LocalSealer sealer = finalised(withFailedAttempt);
    UnsealJob job = run(sealer);
    assertThat(job.lastError()).isEmpty();
    assertThat(job.state()).isEqualTo(UnsealState.DONE);
    assertThat(job.progress().done()).isPositive();
    assertThat(read(sealer, 0, 2032)).isEqualTo(LotusSector3.data());
  }

  @Test
  void job_withAFlippedByteInTheReplica_failsAndMarksNothing() throws Exception {
    LocalSealer sealer = finalised(false);
    flip(dir.resolve("store/sealed/s-t01000-3"));
    UnsealJob job = run(sealer);
    assertThat(job.state()).isEqualTo(UnsealState.FAILED);
    assertThat(job.lastError())
        .contains("unsealing sector s-t01000-3", "decodes to data with CommD")
        .contains("expected " + LotusSector3.COMM_D)
        .contains(dir.resolve("store/sealed/s-t01000-3").toString());
    assertThat(job.tries()).isEqualTo(new UnsealJob.Tries(1, 0));
    assertThat(sealer.isUnsealed(SECTOR, new UnpaddedRange(0, 127))).isFalse();
    assertThat(dir.resolve("store/unsealed/s-t01000-3")).doesNotExist();
  }

  @Test
  void job_withAFlippedByteInTheReplica_keepsTheRangesThatAreThere() throws Exception {
    LocalSealer sealer = finalised(false);
    assertThat(run(sealer).state()).isEqualTo(UnsealState.DONE);
    UnpaddedRange kept = new UnpaddedRange(0, 1016);
    sealer.finalizeSector(SECTOR, List.of(kept));
    flip(dir.resolve("store/sealed/s-t01000-3"));
    assertThat(run(sealer).state()).isEqualTo(UnsealState.FAILED);
    assertThat(sealer.isUnsealed(SECTOR, kept)).isTrue();
    assertThat(sealer.isUnsealed(SECTOR, new UnpaddedRange(1016, 1016))).isFalse();
    assertThat(read(sealer, 0, 1016)).isEqualTo(LotusSector3.PIECE_0);
  }

  private static void flip(Path sealed) throws IOException {
    byte[] replica = Files.readAllBytes(sealed);
    replica[700] ^= 4;
    Files.write(sealed, replica);
  }

  private LocalSealer finalised(boolean withFailedAttempt) throws IOException {
    TestStorage storage = new TestStorage(dir, parents);
    Path path = storage.attach("store", TestStorage.meta("store", false, true));
    LotusSector3.writeFinalised(path);
    if (withFailedAttempt) {
      Files.write(
          path.resolve("unsealed/s-t01000-3"),
          LotusSector3.bytes("unsealed_partial_file_hex_after_failed_unseal"));
    }
    storage.paths.redeclare(Optional.empty(), false);
    return storage.sealer(CrashPoint.NONE);
  }

  private UnsealJob run(LocalSealer sealer) throws Exception {
    try (SystemTimekeeper clock = new SystemTimekeeper();
        UnsealJobs jobs =
            new UnsealJobs(
                new PipelineParts(
                    SECTOR.id().miner(),
                    new InMemoryJournal(),
                    new FakeChain(SECTOR.id().miner(), SectorSize.KIB_2, 2000),
                    sealer,
                    new WorkPool(Map.of()),
                    clock,
                    new SplittableRandom(1),
                    SealingConfig::defaults,
                    PipelineListener.NONE))) {
      jobs.start();
      UnsealRequest request =
          new UnsealRequest(
              SECTOR,
              OpaqueBytes.of(LotusSector3.TICKET.bytes()),
              LotusSector3.COMM_D,
              UnsealRequest.whole(SECTOR),
              0,
              "test");
      return jobs.await(jobs.request(request).id()).orElseThrow();
    }
  }
}
