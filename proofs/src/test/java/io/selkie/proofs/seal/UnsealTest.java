package io.selkie.proofs.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Commitment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goal: what comes back is what went in, from the finalised files alone, or nothing is believed.
 */
final class UnsealTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "porep-2k-v1-b",
        "porep-2k-v1_1-a",
        "porep-2k-v1_1-c",
        "porep-2k-synth",
        "porep-2k-ni"
      })
  void sectorAndRange_knownSector_equalItsData(String name) throws IOException {
    SealedSector sealed = cleared(name);
    Path target = dir.resolve("unsealed");
    try (FileChannel channel = write(target)) {
      Unseal.sector(
          sealed.vector().sector(),
          sealed.phase2().commD(),
          sealed.sealed(),
          dir.resolve("work"),
          channel,
          sealed.context());
    }
    assertThat(Files.readAllBytes(target)).isEqualTo(Files.readAllBytes(sealed.staged()));

    byte[] data = sealed.vector().unpadded();
    for (int[] range : new int[][] {{0, 2032}, {508, 254}, {127, 0}, {2032, 0}, {1905, 127}}) {
      assertThat(range(sealed, range[0], range[1]))
          .isEqualTo(Arrays.copyOfRange(data, range[0], range[0] + range[1]));
    }
    assertThat(SectorVector.sha256(range(sealed, 508, 254)))
        .isEqualTo(sealed.vector().json().get("unseal_range").get("sha256").stringValue());
    assertThat(SectorVector.hashesOf(dir.resolve("work"))).isEmpty();
  }

  @Test
  void range_unalignedOrOutside_isRejected() throws IOException {
    SealedSector sealed = cleared("porep-2k-v1_1-a");
    for (int[] range : new int[][] {{1, 127}, {0, 126}, {-127, 127}, {1905, 254}, {2159, 0}}) {
      assertThatThrownBy(() -> range(sealed, range[0], range[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2032");
    }
  }

  @Test
  void sector_damagedReplica_isReportedAndLeavesNoTemporaryFile() throws IOException {
    SealedSector sealed = cleared("porep-2k-v1_1-a");
    byte[] replica = Files.readAllBytes(sealed.sealed());
    replica[1000] ^= 4;
    Files.write(sealed.sealed(), replica);
    assertThatThrownBy(() -> range(sealed, 0, 127))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("CommD");
    Files.write(sealed.sealed(), Arrays.copyOf(replica, 2000));
    assertThatThrownBy(() -> range(sealed, 0, 127))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("2000 bytes, expected 2048");
    Arrays.fill(replica, 0, 32, (byte) 0xff);
    Files.write(sealed.sealed(), replica);
    assertThatThrownBy(() -> range(sealed, 0, 127))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("node 0 is no field element");
    Files.delete(sealed.sealed());
    assertThatThrownBy(() -> range(sealed, 0, 127)).isInstanceOf(NoSuchFileException.class);
    assertThat(SectorVector.hashesOf(dir.resolve("work"))).isEmpty();
  }

  @Test
  void sector_otherCommD_isReported() throws IOException {
    SealedSector sealed = cleared("porep-2k-v1_1-a");
    byte[] other = sealed.phase2().commD().bytes();
    other[0] ^= 1;
    assertThatThrownBy(() ->
            Unseal.range(
                sealed.vector().sector(),
                new Commitment(other),
                sealed.sealed(),
                dir.resolve("work"),
                0,
                127,
                new ByteArrayOutputStream(),
                sealed.context()))
        .isInstanceOf(DamagedFileException.class);
  }

  private SealedSector cleared(String name) throws IOException {
    SealedSector sealed =
        SealedSector.seal(SectorVector.load(name), dir, SealedSector.context(dir, 2));
    CacheFiles.clear(sealed.cache());
    return sealed;
  }

  private byte[] range(SealedSector sealed, long offset, long size) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Unseal.range(
        sealed.vector().sector(),
        sealed.phase2().commD(),
        sealed.sealed(),
        dir.resolve("work"),
        offset,
        size,
        out,
        sealed.context());
    return out.toByteArray();
  }

  private static FileChannel write(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }
}
