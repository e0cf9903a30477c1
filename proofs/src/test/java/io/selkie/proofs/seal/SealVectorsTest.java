package io.selkie.proofs.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.proofs.Resources;
import io.selkie.proofs.porep.ProofShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Goal: every byte of a sealed sector is the reference's. Method: known answers, one by one. */
final class SealVectorsTest {
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
  void phases_knownSector_equalReference(String name) throws IOException {
    ReferenceCheck.phasesEqual(SectorVector.load(name), dir);
  }

  @Test
  void commit1Output_ofReferenceJson_isReadAndWrittenUnchanged() throws IOException {
    byte[] json;
    try (var in = getClass().getResourceAsStream("/sectors/porep-2k-v1_1-a.c1.json")) {
      json = in.readAllBytes();
    }
    Commit1Output output = Commit1Output.ofJson(json);
    assertThat(output.toJson()).isEqualTo(json);
    byte[] bincode = output.toBincode();
    Commit1Output again =
        new Commit1Output(
            output.proof(),
            Commit1Output.partitionsOfBincode(output.proof(), bincode),
            output.commR(),
            output.commD(),
            output.replicaId(),
            output.seed(),
            output.ticket());
    assertThat(again.toJson()).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"porep-2k-v1-b", "porep-2k-v1_1-a"})
  void temporaryAux_knownPath_equalsReference(String name) {
    SectorVector vector = SectorVector.load(name);
    byte[] expected = Resources.hex(vector.json().get("cache_files").get(CacheFiles.T_AUX), "hex");
    ProofShape shape = ProofShape.of(vector.sector().proof());
    assertThat(TemporaryAux.toBytes(shape, "/sector/cache")).isEqualTo(expected);
  }

  @Test
  void phase2_writesTemporaryAuxWithItsOwnPath() throws IOException {
    SectorVector vector = SectorVector.load("porep-2k-v1_1-a");
    SealedSector sealed = SealedSector.seal(vector, dir, SealedSector.context(dir, 1));
    assertThat(Files.readAllBytes(sealed.cache().resolve(CacheFiles.T_AUX)))
        .isEqualTo(
            TemporaryAux.toBytes(
                ProofShape.of(vector.sector().proof()), sealed.cache().toString()));
  }

  @Test
  void preCommit1Output_json_isTheReferencesAndRoundTrips() {
    SectorVector vector = SectorVector.load("porep-2k-v1_1-a");
    PreCommit1Output output =
        new PreCommit1Output(
            vector.sector().proof(), "/a \"b\"\\\u00e9\n\u0001", vector.commitment("comm_d"));
    String json = new String(output.toJson(), StandardCharsets.UTF_8);
    String path = "\"/a \\\"b\\\"\\\\\u00e9\\n\\u0001\"";
    assertThat(json)
        .startsWith(
            "{\"registered_proof\":\"StackedDrg2KiBV1_1\",\"labels\":{\"StackedDrg2KiBV1\":"
                + "{\"labels\":[{\"path\":"
                + path
                + ",\"id\":\"layer-1\",\"size\":64,\"rows_to_discard\":0},{\"path\":"
                + path
                + ",\"id\":\"layer-2\",\"size\":64,\"rows_to_discard\":0}],\"_h\":null}},"
                + "\"config\":{\"path\":"
                + path
                + ",\"id\":\"tree-d\",\"size\":127,\"rows_to_discard\":0},\"comm_d\":[55,8,12,");
    assertThat(PreCommit1Output.ofJson(output.toJson())).isEqualTo(output);
  }
}
