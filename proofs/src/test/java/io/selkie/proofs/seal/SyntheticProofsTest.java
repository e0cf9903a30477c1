package io.selkie.proofs.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Goal: a synthetic sector is proven from its file of proofs, with the layers gone. */
final class SyntheticProofsTest {
  @TempDir Path dir;

  @Test
  void run_knownSector_writesTheReferencesFileAndDeletesTheLayers() throws IOException {
    SealedSector sealed = seal();
    var expected = sealed.vector().cacheHashes();
    synthetic(sealed);
    expected.remove(CacheFiles.layer(1));
    expected.remove(CacheFiles.layer(2));
    assertThat(SectorVector.hashesOf(sealed.cache())).isEqualTo(expected);

    synthetic(sealed);
    assertThat(SectorVector.hashesOf(sealed.cache())).isEqualTo(expected);

    Commit1Output output = sealed.commit1();
    assertThat(SectorVector.sha256(output.toJson()))
        .isEqualTo(sealed.vector().text("c1_json_sha256"));
    assertThat(sealed.verify(output.toBincode())).isEqualTo(new Verdict.Valid());
  }

  /** A file of another replica's proofs is no reason to give up the layers. */
  @Test
  void run_overAFileOfAnotherReplica_writesItAnew() throws IOException {
    SealedSector sealed = seal();
    Path file = sealed.cache().resolve(CacheFiles.SYNTHETIC_PROOFS);
    for (byte[] found : new byte[][] {new byte[575072], new byte[10]}) {
      Files.write(file, found);
      SealSyntheticProofs.run(
          sealed.vector().sector(),
          sealed.phase2(),
          sealed.sealed(),
          sealed.cache(),
          sealed.context());
      assertThat(SectorVector.sha256(Files.readAllBytes(file)))
          .isEqualTo(sealed.vector().cacheHashes().get(CacheFiles.SYNTHETIC_PROOFS));
      seal();
    }
  }

  @Test
  void commit1_cutOrChangedFile_isReported() throws IOException {
    SealedSector sealed = seal();
    synthetic(sealed);
    Path file = sealed.cache().resolve(CacheFiles.SYNTHETIC_PROOFS);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(sealed::commit1)
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining((bytes.length - 1) + " bytes, expected " + bytes.length);
    for (int i = 96; i < bytes.length; i += 32) {
      bytes[i] ^= 1;
    }
    Files.write(file, bytes);
    assertThatThrownBy(sealed::commit1).isInstanceOf(DamagedFileException.class);
    Files.delete(file);
    assertThatThrownBy(sealed::commit1).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void run_interactiveSector_isRejected() throws IOException {
    SealedSector sealed =
        SealedSector.seal(SectorVector.load("porep-2k-v1_1-a"), dir, SealedSector.context(dir, 1));
    assertThatThrownBy(() -> synthetic(sealed)).isInstanceOf(IllegalArgumentException.class);
    assertThat(sealed.cache().resolve(CacheFiles.layer(1))).exists();
  }

  private static void synthetic(SealedSector sealed) throws IOException {
    SealSyntheticProofs.run(
        sealed.vector().sector(),
        sealed.phase2(),
        sealed.sealed(),
        sealed.cache(),
        sealed.context());
  }

  private SealedSector seal() throws IOException {
    return SealedSector.seal(
        SectorVector.load("porep-2k-synth"), dir, SealedSector.context(dir, 2));
  }
}
