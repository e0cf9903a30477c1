package io.selkie.proofs.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Randomness;
import io.selkie.proofs.file.PendingFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Goal: a phase that was cut off anywhere gives, run again, what it would have given. Method: break
 * it off at every call of its progress, then run it again and compare every file.
 */
final class RepeatedPhasesTest {
  @TempDir Path dir;

  private static final class Cut extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Breaks off at the {@code n}th call, 0 for the first. */
  private SealContext cutAt(int n) {
    int[] calls = {0};
    return new SealContext(
        1,
        dir.resolve("parents"),
        (phase, done, total) -> {
          if (calls[0]++ == n) {
            throw new Cut();
          }
        });
  }

  @Test
  void phases_brokenOffAtEveryStep_giveTheSameFilesWhenRunAgain() throws IOException {
    SectorVector vector = SectorVector.load("porep-2k-v1_1-a");
    SealedSector whole = SealedSector.seal(vector, dir.resolve("whole"), context());
    Map<String, String> expected = SectorVector.hashesOf(whole.cache());
    String replica = SectorVector.sha256(Files.readAllBytes(whole.sealed()));
    int cuts = 0;
    for (boolean more = true; more; cuts++) {
      Path home = dir.resolve("cut-" + cuts);
      try {
        SealedSector.seal(vector, home, cutAt(cuts));
        more = false;
      } catch (Cut e) {
        SealedSector again = SealedSector.seal(vector, home, context());
        assertThat(SectorVector.hashesOf(again.cache())).isEqualTo(expected);
        assertThat(SectorVector.sha256(Files.readAllBytes(again.sealed()))).isEqualTo(replica);
      }
    }
    assertThat(cuts).isGreaterThan(6);
  }

  /** A replica half written over, or already complete, is what phase 2 finds after a crash. */
  @Test
  void phase2_runTwice_givesTheSameReplica() throws IOException {
    SealedSector sealed = SealedSector.seal(SectorVector.load("porep-2k-v1_1-a"), dir, context());
    byte[] replica = Files.readAllBytes(sealed.sealed());
    byte[] torn = replica.clone();
    System.arraycopy(Files.readAllBytes(sealed.staged()), 0, torn, 0, 1024);
    for (byte[] found : new byte[][] {replica, torn, new byte[0], new byte[5000]}) {
      Files.write(sealed.sealed(), found);
      PreCommit2Output again =
          SealPreCommit2.run(sealed.phase1(), sealed.sealed(), sealed.cache(), context());
      assertThat(again).isEqualTo(sealed.phase2());
      assertThat(Files.readAllBytes(sealed.sealed())).isEqualTo(replica);
    }
  }

  /** Files a killed process left under temporary names do not disturb, and go with clearing. */
  @Test
  void phases_overTemporaryFilesOfAKilledRun_giveTheSameFiles() throws IOException {
    SectorVector vector = SectorVector.load("porep-2k-v1_1-a");
    Path cache = Files.createDirectories(dir.resolve("cache"));
    for (String name : vector.cacheHashes().keySet()) {
      Files.write(cache.resolve(name + PendingFile.SUFFIX), new byte[9999]);
    }
    Files.write(cache.resolve("sc-02-data-layer-2.dat"), new byte[777]);
    SealedSector sealed = SealedSector.seal(vector, dir, context());
    assertThat(SectorVector.hashesOf(sealed.cache())).isEqualTo(vector.cacheHashes());
  }

  /** Layers of a run with another ticket must not be taken for this replica's. */
  @Test
  void phase1_overLayersOfAnotherTicket_makesThemAnew() throws IOException {
    SectorVector vector = SectorVector.load("porep-2k-v1_1-a");
    SealSector sector = vector.sector();
    SectorVector before =
        new SectorVector(
            vector.json(),
            new SealSector(sector.proof(), sector.sector(), new Randomness(new byte[32])),
            vector.seed(),
            vector.pieces());
    SealedSector.seal(before, dir, context());
    SealedSector sealed = SealedSector.seal(vector, dir, context());
    assertThat(SectorVector.hashesOf(sealed.cache())).isEqualTo(vector.cacheHashes());
  }

  @Test
  void clear_sealedSector_keepsWhatProvingNeedsAndMayRunAgain() throws IOException {
    SealedSector sealed = SealedSector.seal(SectorVector.load("porep-2k-synth"), dir, context());
    SealSyntheticProofs.run(
        sealed.vector().sector(), sealed.phase2(), sealed.sealed(), sealed.cache(), context());
    Files.write(sealed.cache().resolve("sc-02-data-tree-d.dat.tmp"), new byte[1]);
    Files.write(sealed.cache().resolve("something else"), new byte[1]);
    CacheFiles.clear(sealed.cache());
    CacheFiles.clear(sealed.cache());
    assertThat(SectorVector.hashesOf(sealed.cache()).keySet())
        .containsExactly(CacheFiles.P_AUX, CacheFiles.treeRLast(0, 1), "something else");
    assertThat(sealed.cache().resolve(CacheFiles.T_AUX)).exists();
  }

  @Test
  void phases_interrupted_endWithInterruptedIo() throws IOException {
    SectorVector vector = SectorVector.load("porep-2k-v1_1-a");
    SealedSector sealed = SealedSector.seal(vector, dir, context());
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () -> SealPreCommit2.run(sealed.phase1(), sealed.sealed(), sealed.cache(), context()))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isFalse();
    Thread.currentThread().interrupt();
    assertThatThrownBy(sealed::commit1).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isFalse();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> SealedSector.seal(vector, dir, context()))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  private SealContext context() {
    return SealedSector.context(dir, 2);
  }
}
