package io.selkie.proofs.porep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorSize;
import io.selkie.proofs.Resources;
import io.selkie.proofs.graph.ParentsCache;
import io.selkie.proofs.graph.StackedGraph;
import io.selkie.proofs.seal.CacheFiles;
import io.selkie.proofs.seal.SealContext;
import io.selkie.proofs.seal.SealProgress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code sectors.json} holds outputs of rust-fil-proofs, API 19.1.0. */
final class LabelGeneratorTest {

  @TempDir Path dir;

  static Stream<Arguments> sectors() {
    return StreamSupport.stream(Resources.json("replica/sectors.json").spliterator(), false)
        .map(known -> Arguments.of(known.get("name").stringValue(), known));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sectors")
  void generate_knownSector_writesTheReferencesLayers(String name, JsonNode known)
      throws IOException {
    StackedGraph graph = graph(known);
    try (ParentsCache parents = ParentsCache.open(graph, context())) {
      byte[] replicaId = Resources.hex(known, "replica_id");
      LabelGenerator.generate(graph, parents, replicaId, dir, context());
      for (int layer = 1; layer <= 2; layer++) {
        byte[] labels = Files.readAllBytes(file(layer));
        JsonNode expected = known.get("layers").get(layer - 1);
        assertThat(sha256(labels)).as(name).isEqualTo(expected.get("sha256").stringValue());
        if (expected.has("hex")) {
          assertThat(labels).isEqualTo(Resources.hex(expected, "hex"));
        }
      }
      Path work = Files.createDirectory(dir.resolve("work"));
      SealContext oneThread = new SealContext(1, dir, SealProgress.NONE);
      try (LastLayer last = LabelGenerator.lastLayer(graph, parents, replicaId, work, oneThread)) {
        assertThat(sha256(last.labels().toArray(ValueLayout.JAVA_BYTE)))
            .isEqualTo(known.get("layers").get(1).get("sha256").stringValue());
      }
      try (Stream<Path> left = Files.list(work)) {
        assertThat(left).isEmpty();
      }
    }
  }

  /** Every label of a small sector, computed singly, equals the kernel's. */
  @Test
  void kernel_everyNode_equalsTheScalarReference() throws IOException {
    StackedGraph graph = StackedGraph.of(RegisteredSealProof.STACKED_DRG_2KIB_V1);
    byte[] replicaId = Resources.stream("replica", 32);
    try (ParentsCache parents = ParentsCache.open(graph, context())) {
      LabelGenerator.generate(graph, parents, replicaId, dir, context());
    }
    byte[][] previous = new byte[0][];
    for (int layer = 1; layer <= 2; layer++) {
      byte[][] labels = new byte[(int) graph.nodeCount()][];
      for (int node = 0; node < labels.length; node++) {
        int[] numbers = new int[StackedGraph.DEGREE];
        graph.parents(node, numbers);
        List<byte[]> hashed = new ArrayList<>();
        for (int i = 0; i < LabelScalar.hashedParents(layer, node); i++) {
          hashed.add(i < StackedGraph.BASE_DEGREE ? labels[numbers[i]] : previous[numbers[i]]);
        }
        labels[node] = LabelScalar.label(replicaId, layer, node, hashed.toArray(byte[][]::new));
      }
      assertThat(Files.readAllBytes(file(layer))).isEqualTo(concat(labels));
      previous = labels;
    }
  }

  @Test
  void generate_completeLayers_areNotWrittenAgain() throws IOException {
    generateSmall("replica");
    Object first = Files.getAttribute(file(1), "unix:ino");
    Files.delete(file(2));
    generateSmall("replica");
    assertThat(Files.getAttribute(file(1), "unix:ino")).isEqualTo(first);
    assertThat(file(2)).exists();
  }

  /** Layers of another replica, a damaged one and a short one: all end right. */
  @Test
  void generate_wrongLayers_areWrittenAnew() throws IOException {
    generateSmall("replica");
    byte[] right = Files.readAllBytes(file(2));
    generateSmall("another");
    assertThat(Files.readAllBytes(file(2))).isNotEqualTo(right);
    generateSmall("replica");
    assertThat(Files.readAllBytes(file(2))).isEqualTo(right);
    byte[] damaged = right.clone();
    damaged[32 * 17] ^= 1;
    Files.write(file(2), damaged);
    generateSmall("replica");
    assertThat(Files.readAllBytes(file(2))).isEqualTo(right);
    Files.write(file(1), new byte[32]);
    generateSmall("replica");
    assertThat(Files.size(file(1))).isEqualTo(2048);
  }

  /** Interrupted in the second layer: the first stays, nothing half is left. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void generate_interrupted_keepsOnlyCompleteLayers(int threads) throws IOException {
    StackedGraph graph = StackedGraph.of(RegisteredSealProof.STACKED_DRG_8MIB_V1_1);
    SealProgress interrupting =
        (phase, done, total) -> {
          if (phase.equals("layer 2") && done > total / 4) {
            Thread.currentThread().interrupt();
          }
        };
    SealContext context = new SealContext(threads, dir, interrupting);
    try (ParentsCache parents = ParentsCache.open(graph, context)) {
      assertThatThrownBy(() -> LabelGenerator.generate(graph, parents, new byte[32], dir, context))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessageContaining("layer 2");
      assertThat(Thread.interrupted()).isFalse();
      assertThat(file(1)).hasSize(SectorSize.MIB_8.bytes());
      assertThat(file(2)).doesNotExist();
      assertThat(dir.resolve(CacheFiles.layer(2) + ".tmp")).doesNotExist();
      Path work = Files.createDirectory(dir.resolve("work"));
      assertThatThrownBy(
              () -> LabelGenerator.lastLayer(graph, parents, new byte[32], work, context).close())
          .isInstanceOf(InterruptedIOException.class);
      try (Stream<Path> left = Files.list(work)) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void generate_progress_reachesTheEndOfEachLayer() throws IOException {
    List<String> ends = new ArrayList<>();
    SealProgress progress =
        (phase, done, total) -> {
          if (done == total) {
            ends.add(phase);
          }
        };
    StackedGraph graph = StackedGraph.of(RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
    try (ParentsCache parents = ParentsCache.open(graph, context())) {
      SealContext context = new SealContext(1, dir, progress);
      LabelGenerator.generate(graph, parents, new byte[32], dir, context);
      LabelGenerator.generate(graph, parents, new byte[32], dir, context);
    }
    assertThat(ends).containsExactly("layer 1", "layer 2", "layer 1", "layer 2");
  }

  @Test
  void generate_parentsOfAnotherGraph_areRefused() throws IOException {
    StackedGraph small = StackedGraph.of(RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
    StackedGraph large = StackedGraph.of(RegisteredSealProof.STACKED_DRG_8MIB_V1_1);
    try (ParentsCache parents = ParentsCache.open(small, context())) {
      assertThatThrownBy(
              () -> LabelGenerator.generate(large, parents, new byte[32], dir, context()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("64")
          .hasMessageContaining("262144");
    }
  }

  /** Rows that end early: the gathering thread fails, and the hashing one hears of it. */
  @Test
  void ahead_failingThread_isHeardByTheOther() throws InterruptedException {
    MemorySegment rows = MemorySegment.ofArray(new byte[600 * ParentsCache.ROW_BYTES]);
    MemorySegment previous = MemorySegment.ofArray(new byte[32]);
    try (ExpanderAhead ahead = ExpanderAhead.start(new byte[32], 2, rows, previous, 1024)) {
      ahead.release(ahead.next());
      assertThatThrownBy(ahead::next)
          .isInstanceOf(IllegalStateException.class)
          .hasCauseInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  /** Nobody reads: the gathering thread waits for buffers, and closing ends it. */
  @Test
  void ahead_closedEarly_endsItsThread() {
    MemorySegment rows = MemorySegment.ofArray(new byte[8192 * ParentsCache.ROW_BYTES]);
    MemorySegment previous = MemorySegment.ofArray(new byte[32]);
    String name = "layer-77-parents";
    ExpanderAhead ahead = ExpanderAhead.start(new byte[32], 77, rows, previous, 8192);
    assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).contains(name);
    ahead.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain(name);
  }

  private void generateSmall(String key) throws IOException {
    StackedGraph graph = StackedGraph.of(RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
    try (ParentsCache parents = ParentsCache.open(graph, context())) {
      LabelGenerator.generate(graph, parents, Resources.stream(key, 32), dir, context());
    }
  }

  private SealContext context() {
    return new SealContext(2, dir, SealProgress.NONE);
  }

  private Path file(int layer) {
    return dir.resolve(CacheFiles.layer(layer));
  }

  private static StackedGraph graph(JsonNode known) {
    return StackedGraph.of(
        RegisteredSealProof.ofNumber(known.get("registered_seal_proof").intValue()));
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Resources.sha256().digest(bytes));
  }

  private static byte[] concat(byte[][] labels) {
    byte[] all = new byte[labels.length * 32];
    for (int i = 0; i < labels.length; i++) {
      System.arraycopy(labels[i], 0, all, i * 32, 32);
    }
    return all;
  }
}
