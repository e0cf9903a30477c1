package io.selkie.proofs.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.Resources;
import io.selkie.proofs.seal.SealContext;
import io.selkie.proofs.seal.SealProgress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ParentsCacheTest {

  @TempDir Path dir;

  /** The digests are those of the reference's own files. */
  @ParameterizedTest
  @CsvSource({
    "0, 3da49221e2ed55371b86d0bf3d6526fcf128af61bed904f966428db1b531750d",
    "5, 840057702eea7652cf97e04306c30fe57174714d90de156a25eddd6075c25b97",
    "1, a76604f2f59f2744c7151653bbb1d8596b6b57d295e6fa6c1f0c41d725b502ce",
    "6, 03cd13565ded97c240a5f52e54295ad127bd0461b57904cb3a4d79b097bbecab"
  })
  void open_newDirectory_writesTheReferencesFile(int proof, String sha256) throws IOException {
    StackedGraph graph = StackedGraph.of(RegisteredSealProof.ofNumber(proof));
    Path file = dir.resolve("parents").resolve(ParentsCache.fileName(graph));
    try (ParentsCache cache = ParentsCache.open(dir.resolve("parents"), graph)) {
      assertThat(HexFormat.of().formatHex(Resources.sha256().digest(Files.readAllBytes(file))))
          .isEqualTo(sha256);
      int[] expected = new int[StackedGraph.DEGREE];
      int[] read = new int[StackedGraph.DEGREE];
      for (long node = 0; node < graph.nodeCount(); node += 1 + node / 7) {
        graph.parents(node, expected);
        cache.parents(node, read);
        assertThat(read).isEqualTo(expected);
      }
      assertThatThrownBy(() -> cache.parents(cache.nodeCount(), read))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    try (Stream<Path> files = Files.list(dir.resolve("parents"))) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void open_existingFile_isNotWrittenAgain() throws IOException {
    StackedGraph graph = StackedGraph.of(RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
    ParentsCache.open(dir, graph).close();
    Object first = Files.getAttribute(dir.resolve(ParentsCache.fileName(graph)), "unix:ino");
    ParentsCache.open(dir, graph).close();
    Object second = Files.getAttribute(dir.resolve(ParentsCache.fileName(graph)), "unix:ino");
    assertThat(second).isEqualTo(first);
  }

  @Test
  void open_damagedOrShortFile_isGeneratedAgain() throws IOException {
    StackedGraph graph = StackedGraph.of(RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
    ParentsCache.open(dir, graph).close();
    Path file = dir.resolve(ParentsCache.fileName(graph));
    byte[] right = Files.readAllBytes(file);
    byte[] damaged = right.clone();
    damaged[56 * 40 + 3] ^= 1;
    Files.write(file, damaged);
    ParentsCache.open(dir, graph).close();
    assertThat(Files.readAllBytes(file)).isEqualTo(right);
    Files.write(file, new byte[100]);
    ParentsCache.open(dir, graph).close();
    assertThat(Files.readAllBytes(file)).isEqualTo(right);
  }

  @Test
  void open_leftOverTemporaryFile_isOverwritten() throws IOException {
    StackedGraph graph = StackedGraph.of(RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
    Path file = dir.resolve(ParentsCache.fileName(graph));
    Files.write(dir.resolve(file.getFileName() + ".tmp"), new byte[10_000]);
    ParentsCache.open(dir, graph).close();
    assertThat(Files.size(file)).isEqualTo(64L * ParentsCache.ROW_BYTES);
  }

  @Test
  void open_interrupted_leavesNoFile() {
    StackedGraph graph = StackedGraph.of(RegisteredSealProof.STACKED_DRG_8MIB_V1_1);
    SealContext context = new SealContext(2, dir, SealProgress.NONE);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> ParentsCache.open(graph, context).close())
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(dir).isEmptyDirectory();
  }

  /** A failure in the middle of generating: what was written is deleted. */
  @Test
  void open_failingHalfway_leavesNoFile() {
    StackedGraph graph = StackedGraph.of(RegisteredSealProof.STACKED_DRG_8MIB_V1_1);
    SealProgress failing =
        (phase, done, total) -> {
          if (done > total / 2) {
            throw new IllegalStateException("halfway");
          }
        };
    SealContext context = new SealContext(2, dir, failing);
    assertThatThrownBy(() -> ParentsCache.open(graph, context).close())
        .hasMessageContaining("halfway");
    assertThat(dir).isEmptyDirectory();
  }
}
