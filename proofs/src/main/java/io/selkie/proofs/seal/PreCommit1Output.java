package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.codec.JsonReader;
import io.selkie.proofs.codec.JsonWriter;
import io.selkie.proofs.codec.MalformedException;
import io.selkie.proofs.porep.ProofShape;

/**
 * What pre-commit phase 1 hands to phase 2.
 *
 * @param proof the seal proof
 * @param cachePath the cache directory as it was given, which the reference writes into the output
 * @param commD the root of TreeD
 */
public record PreCommit1Output(RegisteredSealProof proof, String cachePath, Commitment commD) {

  /** The reference's serialisation, byte for byte. */
  public byte[] toJson() {
    ProofShape shape = ProofShape.of(proof);
    JsonWriter out = new JsonWriter();
    out.begin();
    out.field("registered_proof");
    out.text(proof.spelling());
    out.field("labels");
    out.variant(0, ProofNames.sizeTag(proof));
    out.begin();
    out.field("labels");
    out.sequence(shape.layers());
    for (int layer = 1; layer <= shape.layers(); layer++) {
      TemporaryAux.layer(shape, cachePath, layer).write(out);
    }
    out.endSequence();
    out.phantom("_h");
    out.end();
    out.endVariant();
    out.field("config");
    TemporaryAux.treeD(shape, cachePath).write(out);
    out.field("comm_d");
    out.node(commD.bytes());
    out.end();
    return out.toBytes();
  }

  /**
   * Reads what {@link #toJson} or the reference wrote. The paths of the layers are ignored, as the
   * reference ignores them; that of TreeD is kept.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static PreCommit1Output ofJson(byte[] json) {
    try {
      return read(new JsonReader(json));
    } catch (MalformedException e) {
      throw new IllegalArgumentException("pre-commit phase 1 output: " + e.getMessage(), e);
    }
  }

  private static PreCommit1Output read(JsonReader in) throws MalformedException {
    in.begin();
    in.field("registered_proof");
    RegisteredSealProof proof = ProofNames.read(in);
    ProofShape shape = ProofShape.of(proof);
    in.field("labels");
    in.variant(0, ProofNames.sizeTag(proof));
    in.begin();
    in.field("labels");
    in.sequence(shape.layers());
    for (int layer = 1; layer <= shape.layers(); layer++) {
      StoreConfig.readExpected(in, TemporaryAux.layer(shape, "", layer));
    }
    in.endSequence();
    in.phantom("_h");
    in.end();
    in.endVariant();
    in.field("config");
    StoreConfig treeD = StoreConfig.readExpected(in, TemporaryAux.treeD(shape, ""));
    in.field("comm_d");
    Commitment commD = new Commitment(in.node());
    in.end();
    in.finish();
    return new PreCommit1Output(proof, treeD.path(), commD);
  }
}
