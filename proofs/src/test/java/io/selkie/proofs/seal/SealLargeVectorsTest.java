package io.selkie.proofs.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.proofs.post.PostReference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Goal: as {@link SealVectorsTest}, where trees have discarded rows and many subtrees. */
final class SealLargeVectorsTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"porep-8m-v1_1-a", "porep-8m-v1_1-b"})
  void phasesAndUnseal_knownSector_equalReference(String name) throws IOException {
    SectorVector vector = SectorVector.load(name);
    SealedSector sealed = ReferenceCheck.phasesEqual(vector, dir);
    CacheFiles.clear(sealed.cache());
    PostReference.equal(sealed, name);
    aChangedBitIsFound(sealed);

    int offset = vector.json().get("unseal_range").get("offset").intValue();
    int size = vector.json().get("unseal_range").get("num_bytes").intValue();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Unseal.range(
        vector.sector(),
        sealed.phase2().commD(),
        sealed.sealed(),
        dir.resolve("work"),
        offset,
        size,
        out,
        sealed.context());
    assertThat(SectorVector.sha256(out.toByteArray()))
        .isEqualTo(vector.json().get("unseal_range").get("sha256").stringValue())
        .isEqualTo(
            SectorVector.sha256(Arrays.copyOfRange(vector.unpadded(), offset, offset + size)));
    assertThat(SectorVector.hashesOf(dir.resolve("work"))).isEmpty();
  }

  private static void aChangedBitIsFound(SealedSector sealed) throws IOException {
    assertThat(sealed.flaw()).isEmpty();
    int at = 5_000_003;
    flip(sealed.sealed(), at);
    // Two rows above the leaves are not kept: a stretch is the 512 nodes below one that is.
    int stretch = 512 * 32;
    assertThat(sealed.flaw())
        .hasValueSatisfying(
            flaw -> assertThat(flaw).contains("from byte " + at / stretch * stretch + " "));
    flip(sealed.sealed(), at);
  }

  private static void flip(Path file, int at) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      int old = open.read();
      open.seek(at);
      open.write(old ^ 4);
    }
  }
}
