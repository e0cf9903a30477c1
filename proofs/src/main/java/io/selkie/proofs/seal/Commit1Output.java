package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.codec.BincodeReader;
import io.selkie.proofs.codec.BincodeWriter;
import io.selkie.proofs.codec.JsonReader;
import io.selkie.proofs.codec.JsonWriter;
import io.selkie.proofs.codec.MalformedException;
import io.selkie.proofs.porep.ProofShape;
import io.selkie.proofs.porep.VanillaProof;
import io.selkie.proofs.porep.VanillaProofCodec;
import java.util.List;

/**
 * The vanilla proofs of a sector with what they were made from.
 *
 * @param proof the seal proof
 * @param partitions for each partition the proofs of its challenges
 * @param commR the replica
 * @param commD the data
 * @param replicaId 32 bytes
 * @param seed the interactive randomness
 * @param ticket the randomness in the replica id
 */
public record Commit1Output(
    RegisteredSealProof proof,
    List<List<VanillaProof>> partitions,
    Commitment commR,
    Commitment commD,
    byte[] replicaId,
    Randomness seed,
    Randomness ticket) {

  /** The reference's serialisation, byte for byte. */
  public byte[] toJson() {
    JsonWriter out = new JsonWriter();
    out.begin();
    out.field("registered_proof");
    out.text(proof.spelling());
    out.field("vanilla_proofs");
    out.variant(0, ProofNames.sizeTag(proof));
    VanillaProofCodec.write(out, partitions);
    out.endVariant();
    out.field("comm_r");
    out.node(commR.bytes());
    out.field("comm_d");
    out.node(commD.bytes());
    out.field("replica_id");
    out.node(replicaId);
    out.field("seed");
    out.node(seed.bytes());
    out.field("ticket");
    out.node(ticket.bytes());
    out.end();
    return out.toBytes();
  }

  /**
   * Reads what {@link #toJson} or the reference wrote.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Commit1Output ofJson(byte[] json) {
    try {
      return read(new JsonReader(json));
    } catch (MalformedException e) {
      throw new IllegalArgumentException("commit phase 1 output: " + e.getMessage(), e);
    }
  }

  private static Commit1Output read(JsonReader in) throws MalformedException {
    in.begin();
    in.field("registered_proof");
    RegisteredSealProof proof = ProofNames.read(in);
    in.field("vanilla_proofs");
    in.variant(0, ProofNames.sizeTag(proof));
    List<List<VanillaProof>> partitions = VanillaProofCodec.read(in, ProofShape.of(proof));
    in.endVariant();
    in.field("comm_r");
    Commitment commR = new Commitment(in.node());
    in.field("comm_d");
    Commitment commD = new Commitment(in.node());
    in.field("replica_id");
    byte[] replicaId = in.node();
    in.field("seed");
    Randomness seed = new Randomness(in.node());
    in.field("ticket");
    Randomness ticket = new Randomness(in.node());
    in.end();
    in.finish();
    return new Commit1Output(proof, partitions, commR, commD, replicaId, seed, ticket);
  }

  /** The proofs alone, bincode of partitions, challenges, proof. */
  public byte[] toBincode() {
    BincodeWriter out = new BincodeWriter();
    VanillaProofCodec.write(out, partitions);
    return out.toBytes();
  }

  /**
   * Reads proofs written by {@link #toBincode}.
   *
   * @param proof the seal proof, which fixes every count in them
   * @throws IllegalArgumentException if the bytes are not exactly such proofs
   */
  public static List<List<VanillaProof>> partitionsOfBincode(
      RegisteredSealProof proof, byte[] bincode) {
    try {
      return readBincode(proof, bincode);
    } catch (MalformedException e) {
      throw new IllegalArgumentException("vanilla proofs: " + e.getMessage(), e);
    }
  }

  static List<List<VanillaProof>> readBincode(RegisteredSealProof proof, byte[] bincode)
      throws MalformedException {
    BincodeReader in = new BincodeReader(bincode);
    List<List<VanillaProof>> partitions = VanillaProofCodec.read(in, ProofShape.of(proof));
    in.finish();
    return partitions;
  }
}
