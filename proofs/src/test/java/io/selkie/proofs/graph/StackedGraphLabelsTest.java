package io.selkie.proofs.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.proofs.porep.LabelGenerator;
import io.selkie.proofs.porep.LastLayer;
import io.selkie.proofs.seal.CacheFiles;
import io.selkie.proofs.seal.SealContext;
import io.selkie.proofs.seal.SealProgress;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels of graphs that no registered proof has: eleven layers, explicit porep ids. */
final class StackedGraphLabelsTest {

  @TempDir Path dir;

  /** Last label of layer 11; from rust-fil-proofs' own tests of create_label. */
  @ParameterizedTest
  @CsvSource({
    "64, 0, true, d3faa96b9a0fba04ea81a283d106485ee3d51b9afa5ac2b30462f4f4f1a68d37",
    "128, 0, true, 7e191e52c4a8da865ae8a1c9e6fac148ce239f3b88a894b8234c00d1dc1d53be",
    "64, 123, false, abb3f38bb70defcf777a2e4d7769119f3448959d495490bc06021188c7a71cb5",
    "128, 123, false, 22ab81cf68c4676d7a77a82fc7c9c189c6c03d32c1e42d230f777c18cc2c55bd"
  })
  void lastLabel_ofElevenLayers_isTheReferences(
      long nodes, int porepIdByte, boolean legacy, String limbs) throws IOException {
    StackedGraph graph = new StackedGraph(nodes, 11, filled(porepIdByte), legacy);
    SealContext context = new SealContext(1, dir, SealProgress.NONE);
    try (ParentsCache parents = ParentsCache.open(graph, context)) {
      LabelGenerator.generate(graph, parents, filled(9), dir, context);
      byte[] layer = Files.readAllBytes(dir.resolve(CacheFiles.layer(11)));
      assertThat(limbs(MemorySegment.ofArray(layer), nodes - 1)).isEqualTo(limbs);
      try (LastLayer last = LabelGenerator.lastLayer(graph, parents, filled(9), dir, context)) {
        assertThat(last.labels().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(layer);
      }
    }
  }

  /** The label as four 64-bit numbers, the low one first, each in hex. */
  private static String limbs(MemorySegment labels, long node) {
    ValueLayout.OfLong word = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      hex.append(String.format("%016x", labels.get(word, node * 32 + i * 8L)));
    }
    return hex.toString();
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
