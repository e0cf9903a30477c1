package io.selkie.proofs.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.proofs.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Seals a known sector and holds every file and output to the reference's. */
final class ReferenceCheck {
  private ReferenceCheck() {}

  static SealedSector phasesEqual(SectorVector vector, Path dir) throws IOException {
    SealedSector sealed = SealedSector.seal(vector, dir, SealedSector.context(dir, 2));

    assertThat(SectorVector.sha256(Files.readAllBytes(sealed.staged())))
        .isEqualTo(vector.text("staged_sha256"));
    assertThat(sealed.phase1().commD()).isEqualTo(vector.commitment("comm_d"));
    assertThat(sealed.phase2().commD()).isEqualTo(vector.commitment("comm_d"));
    assertThat(sealed.phase2().commR()).isEqualTo(vector.commitment("comm_r"));
    assertThat(SectorVector.sha256(Files.readAllBytes(sealed.sealed())))
        .isEqualTo(vector.text("sealed_sha256"));
    Map<String, String> expected = vector.cacheHashes();
    expected.remove(CacheFiles.SYNTHETIC_PROOFS);
    assertThat(SectorVector.hashesOf(sealed.cache())).isEqualTo(expected);

    Commit1Output output = sealed.commit1();
    assertThat(output.replicaId()).isEqualTo(Resources.hex(vector.json(), "replica_id"));
    assertThat(challenges(output)).isEqualTo(challenges(vector));
    byte[] json = output.toJson();
    assertThat(json).hasSize(vector.json().get("c1_json_size").intValue());
    assertThat(SectorVector.sha256(json)).isEqualTo(vector.text("c1_json_sha256"));
    assertThat(sealed.verify(output.toBincode())).isEqualTo(new Verdict.Valid());
    return sealed;
  }

  private static String challenges(Commit1Output output) {
    return output.partitions().stream()
        .map(proofs -> proofs.stream().map(proof -> proof.column().index()).toList())
        .toList()
        .toString()
        .replace(" ", "");
  }

  private static String challenges(SectorVector vector) {
    return vector.json().get("challenges").toString().replace(" ", "");
  }
}
