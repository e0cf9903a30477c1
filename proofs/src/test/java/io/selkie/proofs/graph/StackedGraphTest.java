package io.selkie.proofs.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.Resources;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code parents.json} holds outputs of rust-fil-proofs, API 19.1.0. */
final class StackedGraphTest {

  @Test
  void parents_knownNodesOfEightGraphs_areTheReferences() {
    int rows = 0;
    for (JsonNode known : Resources.json("graph/parents.json")) {
      RegisteredSealProof proof =
          RegisteredSealProof.ofNumber(known.get("registered_seal_proof").intValue());
      assertThat(PorepId.of(proof)).isEqualTo(Resources.hex(known, "porep_id"));
      StackedGraph graph = StackedGraph.of(proof);
      for (JsonNode row : known.get("rows")) {
        int[] parents = new int[StackedGraph.DEGREE];
        graph.parents(row.get(0).longValue(), parents);
        int[] expected = new int[StackedGraph.DEGREE];
        Arrays.setAll(expected, i -> row.get(i + 1).intValue());
        assertThat(parents).as("%s node %s", proof, row.get(0)).isEqualTo(expected);
        rows++;
      }
    }
    assertThat(rows).isEqualTo(254);
  }

  @Test
  void hash_workedExample_agrees() {
    assertThat(FeistelPermutation.hash(12345, 67890)).isEqualTo(0xbf313aa0a24b1594L);
  }

  @Test
  void permutation_workedExamples_agree() {
    assertThat(first16(RegisteredSealProof.STACKED_DRG_2KIB_V1_1))
        .containsExactly(32, 79, 481, 10, 113, 212, 210, 37, 50, 96, 284, 344, 190, 278, 468, 18);
    assertThat(first16(RegisteredSealProof.STACKED_DRG_2KIB_V1))
        .containsExactly(
            177, 13, 55, 218, 322, 295, 149, 293, 458, 245, 174, 95, 179, 120, 10, 260);
  }

  /** Sizes with and without cycle walking: a bijection, and the tables equal the hash. */
  @ParameterizedTest
  @ValueSource(longs = {2, 8, 16, 512, 1024, 4096, 5000})
  void permutation_anySize_isABijectionAndEqualsItsTables(long size) {
    long[] keys = {11, -22, 33};
    FeistelPermutation permutation = new FeistelPermutation(size, keys);
    int[] tables = permutation.tables();
    Set<Long> images = new HashSet<>();
    for (long i = 0; i < size; i++) {
      long image = permutation.apply(i);
      assertThat(image).isBetween(0L, size - 1);
      assertThat(FeistelPermutation.apply(i, tables, permutation.halfBits(), size))
          .isEqualTo(image);
      images.add(image);
    }
    assertThat(images).hasSize((int) size);
  }

  /** Property: base parents come before their node, expander parents are in the graph. */
  @ParameterizedTest
  @EnumSource(RegisteredSealProof.class)
  void parents_randomNodes_areInRange(RegisteredSealProof proof) {
    long seed = 4242L + proof.number();
    StackedGraph graph = StackedGraph.of(proof);
    int[] parents = new int[StackedGraph.DEGREE];
    long[] nodes =
        LongStream.concat(
                LongStream.of(0, 1, 2, 3, graph.nodeCount() - 1),
                new Random(seed).longs(200, 2, graph.nodeCount()))
            .toArray();
    for (long node : nodes) {
      graph.parents(node, parents);
      for (int i = 0; i < StackedGraph.DEGREE; i++) {
        long limit = i < StackedGraph.BASE_DEGREE ? Math.max(node, 1) : graph.nodeCount();
        assertThat((long) parents[i])
            .as("seed %d node %d parent %d", seed, node, i)
            .isBetween(0L, limit - 1);
      }
      int previous = proof.kind() == RegisteredSealProof.Kind.V1 ? parents[5] : parents[0];
      assertThat((long) previous).isEqualTo(Math.max(node - 1, 0));
    }
  }

  /** The first version cuts edges to 32 bits; the later ones reach the upper half. */
  @ParameterizedTest
  @CsvSource({
    "STACKED_DRG_32GIB_V1, false",
    "STACKED_DRG_64GIB_V1, false",
    "STACKED_DRG_32GIB_V1_1, true",
    "STACKED_DRG_64GIB_V1_1, true"
  })
  void expanderParents_largeGraphs_reachTheUpperHalfOnlyFromV1_1(
      RegisteredSealProof proof, boolean expected) {
    StackedGraph graph = StackedGraph.of(proof);
    int[] parents = new int[StackedGraph.DEGREE];
    boolean upper = false;
    for (long node : new Random(5).longs(300, 2, graph.nodeCount()).toArray()) {
      graph.parents(node, parents);
      for (int i = StackedGraph.BASE_DEGREE; i < StackedGraph.DEGREE; i++) {
        upper |= parents[i] >= graph.nodeCount() / 2;
      }
    }
    assertThat(upper).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3f0eef38bb48af1f48ad65e14eb85b4ebfc167cec18cd81764f6d998836c9899",
    "5, 494d91dc80f2df5272c4b9e129bc7ade9405225993af9fe34e6542a39a47554b",
    "1, dcdabb0fbe4364bf0ac28b6a18c66de246409fa1a9020a00f33fb3e3053da6dc",
    "6, 5eed212119fd91aa6220a27f31a8966444a9381842bceb3a1ea61525bd47a5b5",
    "2, 2aa9c77c3e58259481351cc4be2079cc71e1c9af39700866545c043bfa30fb42",
    "7, 7ba215a1d2345774ab90b8cb1158d296e409d6068819d7b8c7baf0b25d63dc34",
    "3, e1fa5d5b811ddbd118be3412c4a8c329156b8b8acc72632bca459455b5a05a13",
    "8, 21981246c370f9d76c7a77ab273d94bde0ceb4e938292334960bce05585dc117",
    "4, 8a99e8d6b6be7ab87a56b632e6739ff201c23ea14e99737c74690f0e265574d6",
    "9, 4905486b7af19558ac3649bc6261411858b6add534438878c4ee3b29d8b9de0b"
  })
  void cacheId_ofEachPublishedFile_agrees(int proof, String id) {
    assertThat(StackedGraph.of(RegisteredSealProof.ofNumber(proof)).cacheId()).isEqualTo(id);
  }

  @Test
  void porepId_ofTheLastProof_isItsNumber() {
    byte[] id = PorepId.of(RegisteredSealProof.STACKED_DRG_64GIB_V1_2_NON_INTERACTIVE);
    byte[] expected = new byte[32];
    expected[0] = 0x13;
    assertThat(id).isEqualTo(expected);
  }

  @Test
  void parents_nodeBehindTheGraph_isRefused() {
    StackedGraph graph = StackedGraph.of(RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
    assertThatThrownBy(() -> graph.parents(64, new int[14]))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("64");
  }

  @Test
  void constructor_nodesNoPowerOfTwo_isRefusedByName() {
    assertThatThrownBy(() -> new StackedGraph(65, 2, new byte[32], false))
        .hasMessageContaining("65");
  }

  private static long[] first16(RegisteredSealProof proof) {
    FeistelPermutation permutation = StackedGraph.of(proof).permutation();
    return LongStream.range(0, 16).map(permutation::apply).toArray();
  }
}
