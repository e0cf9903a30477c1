package io.selkie.proofs.post;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredPoStProof;
import io.selkie.abi.SectorSize;
import io.selkie.proofs.Resources;
import io.selkie.proofs.seal.SealedSector;
import io.selkie.proofs.seal.SectorVector;
import io.selkie.proofs.seal.Verdict;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Holds the proofs of spacetime of a sealed sector to the reference's. */
public final class PostReference {
  private PostReference() {}

  /** Both kinds of proof; the sector's files may be cleared already. */
  public static void equal(SealedSector sealed, String name) throws IOException {
    JsonNode known = Resources.json("post/vanilla-proofs.json").get(name);
    Randomness randomness = Randomness.ofHex(known.get("randomness").stringValue());
    SectorSize size = sealed.vector().sector().proof().sectorSize();
    for (RegisteredPoStProof.Kind kind : RegisteredPoStProof.Kind.values()) {
      String field = kind == RegisteredPoStProof.Kind.WINNING ? "winning" : "window";
      equal(sealed, RegisteredPoStProof.of(size, kind), randomness, known.get(field));
    }
  }

  private static void equal(
      SealedSector sealed, RegisteredPoStProof type, Randomness randomness, JsonNode known)
      throws IOException {
    PostSector sector = sector(sealed);
    long[] nodes = PostChallenges.nodes(type, randomness, sector.number(), 0);
    long[] expected =
        known.get("challenges").valueStream().mapToLong(JsonNode::longValue).toArray();
    assertThat(nodes).isEqualTo(expected);
    SectorPostProof proof = prove(sealed, nodes);
    byte[] bytes = proof.toBincode();
    if (known.has("vanilla_hex")) {
      assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(known.get("vanilla_hex").stringValue());
    }
    assertThat(bytes).hasSize(known.get("vanilla_size").intValue());
    assertThat(PostProofBytes.bytesPerSector(type)).isEqualTo(bytes.length);
    assertThat(SectorVector.sha256(bytes)).isEqualTo(known.get("vanilla_sha256").stringValue());
    assertThat(PostVerifier.verifySector(type.sectorSize(), sector, nodes, bytes))
        .isEqualTo(new Verdict.Valid());
    byte[] whole = PostProofBytes.toBincode(type, List.of(proof));
    assertThat(PostVerifier.verify(type, randomness, List.of(sector), whole))
        .isEqualTo(new Verdict.Valid());
  }

  static PostSector sector(SealedSector sealed) {
    return new PostSector(
        sealed.vector().sector().sector().number(), sealed.vector().commitment("comm_r"));
  }

  static SectorPostProof prove(SealedSector sealed, long[] nodes) throws IOException {
    return PostProver.prove(
        sealed.vector().sector().proof().sectorSize(),
        sector(sealed),
        nodes,
        sealed.sealed(),
        sealed.cache());
  }
}
