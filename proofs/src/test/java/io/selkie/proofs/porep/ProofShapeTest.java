package io.selkie.proofs.porep;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.graph.StackedGraph;
import org.junit.jupiter.api.Test;

/** Goal: the counts of every registered proof agree with each other and with the reference. */
final class ProofShapeTest {

  @Test
  void of_everyProof_agreesWithGraphAndChallenges() {
    for (RegisteredSealProof proof : RegisteredSealProof.values()) {
      ProofShape shape = ProofShape.of(proof);
      StackedGraph graph = StackedGraph.of(proof);
      assertThat(shape.nodes()).isEqualTo(graph.nodeCount());
      assertThat(shape.layers()).isEqualTo(graph.layerCount());
      assertThat(shape.tree().leafCount()).isEqualTo(shape.nodes());
      assertThat(1L << shape.treeDLevels()).isEqualTo(shape.nodes());
    }
  }

  @Test
  void syntheticRecord_ofLargeSectors_hasTheReferencesLength() {
    RegisteredSealProof proof = RegisteredSealProof.STACKED_DRG_32GIB_V1_1_SYNTHETIC;
    assertThat(SyntheticProofFile.recordBytes(ProofShape.of(proof))).isEqualTo(42_744);
    assertThat(SyntheticProofFile.size(proof)).isEqualTo(11_205_083_232L);
    assertThat(SyntheticProofFile.size(RegisteredSealProof.STACKED_DRG_2KIB_V1_1_SYNTHETIC))
        .isEqualTo(575_072);
  }
}
