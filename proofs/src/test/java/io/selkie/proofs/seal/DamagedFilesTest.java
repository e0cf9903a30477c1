package io.selkie.proofs.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Goal: a missing, cut or changed file is named, and no phase works on with it. */
final class DamagedFilesTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(
      strings = {"sc-02-data-layer-1.dat", "sc-02-data-layer-2.dat", "sc-02-data-tree-d.dat"})
  void phase2_missingOrCutFile_isNamed(String name) throws IOException {
    SealedSector sealed = seal();
    assertNamed(
        sealed.cache().resolve(name),
        () ->
            SealPreCommit2.run(sealed.phase1(), sealed.sealed(), sealed.cache(), sealed.context()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sc-02-data-layer-1.dat",
        "sc-02-data-layer-2.dat",
        "sc-02-data-tree-d.dat",
        "sc-02-data-tree-c.dat",
        "sc-02-data-tree-r-last.dat",
        "p_aux",
        "../sealed"
      })
  void commit1_missingOrCutFile_isNamed(String name) throws IOException {
    SealedSector sealed = seal();
    assertNamed(sealed.cache().resolve(name).normalize(), sealed::commit1);
  }

  private static void assertNamed(Path file, ThrowingCallable phase) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(phase)
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining(file.getFileName().toString())
        .hasMessageContaining((bytes.length - 1) + " bytes, expected " + bytes.length);
    Files.delete(file);
    assertThatThrownBy(phase)
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(file.getFileName().toString());
  }

  /** With every node of a file changed, whatever is challenged is proven wrong. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sc-02-data-layer-1.dat",
        "sc-02-data-layer-2.dat",
        "sc-02-data-tree-d.dat",
        "sc-02-data-tree-c.dat",
        "sc-02-data-tree-r-last.dat",
        "p_aux",
        "../sealed"
      })
  void commit1_changedFile_isReported(String name) throws IOException {
    SealedSector sealed = seal();
    flipEveryNode(sealed.cache().resolve(name));
    assertThatThrownBy(sealed::commit1).isInstanceOf(DamagedFileException.class);
  }

  @Test
  void wholeReplica_anyBitChanged_isNoticed() throws IOException {
    SealedSector sealed = seal();
    assertThat(sealed.flaw()).isEmpty();
    byte[] good = Files.readAllBytes(sealed.sealed());
    for (int at = 7; at < good.length; at += 97) {
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 << (at % 6));
      Files.write(sealed.sealed(), bad);
      assertThat(sealed.flaw()).as("byte %d", at).isPresent();
    }
  }

  @Test
  void phase2_changedTreeD_makesNoReplica() throws IOException {
    SealedSector sealed = seal();
    Path treeD = sealed.cache().resolve(CacheFiles.TREE_D);
    byte[] bytes = Files.readAllBytes(treeD);
    bytes[777] ^= 1;
    Files.write(treeD, bytes);
    byte[] before = Files.readAllBytes(sealed.sealed());
    assertThatThrownBy(() ->
            SealPreCommit2.run(sealed.phase1(), sealed.sealed(), sealed.cache(), sealed.context()))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining(CacheFiles.TREE_D)
        .hasMessageContaining("CommD");
    assertThat(Files.readAllBytes(sealed.sealed())).isEqualTo(before);
  }

  @Test
  void phase1_stagedDataOfOtherPieces_isReported() throws IOException {
    SectorVector vector = SectorVector.load("porep-2k-v1_1-a");
    Path staged = vector.stage(dir);
    byte[] bytes = Files.readAllBytes(staged);
    bytes[3] ^= 1;
    Files.write(staged, bytes);
    assertThatThrownBy(() -> phase1(vector, staged))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("staged")
        .hasMessageContaining(vector.text("comm_d"));
    Arrays.fill(bytes, 32, 64, (byte) 0xff);
    Files.write(staged, bytes);
    assertThatThrownBy(() -> phase1(vector, staged))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("node 1 is no field element");
    Files.delete(staged);
    assertThatThrownBy(() -> phase1(vector, staged)).isInstanceOf(NoSuchFileException.class);
  }

  /** An unsealed file as it lies on disk has a trailer behind the data. */
  @Test
  void phase1_stagedDataWithTrailer_isReadUpToTheSectorsSize() throws IOException {
    SectorVector vector = SectorVector.load("porep-2k-v1_1-a");
    Path staged = vector.stage(dir);
    byte[] bytes = Arrays.copyOf(Files.readAllBytes(staged), 2048 + 7);
    Arrays.fill(bytes, 2048, bytes.length, (byte) 0xff);
    Files.write(staged, bytes);
    assertThat(phase1(vector, staged).commD().hex()).isEqualTo(vector.text("comm_d"));
  }

  @Test
  void commit1_piecesOfAnotherSector_areRejected() throws IOException {
    SealedSector sealed = seal();
    assertThatThrownBy(() ->
            SealCommit1.run(
                sealed.vector().sector(),
                sealed.vector().seed(),
                sealed.phase2(),
                List.of(),
                sealed.sealed(),
                sealed.cache(),
                sealed.context()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CommD");
  }

  private PreCommit1Output phase1(SectorVector vector, Path staged) throws IOException {
    return SealPreCommit1.run(
        vector.sector(),
        vector.pieces(),
        staged,
        dir.resolve("sealed"),
        dir.resolve("cache"),
        SealedSector.context(dir, 1));
  }

  private static void flipEveryNode(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 0; i < bytes.length; i += 32) {
      bytes[i] ^= 1;
    }
    Files.write(file, bytes);
  }

  private SealedSector seal() throws IOException {
    return SealedSector.seal(
        SectorVector.load("porep-2k-v1_1-a"), dir, SealedSector.context(dir, 1));
  }
}
