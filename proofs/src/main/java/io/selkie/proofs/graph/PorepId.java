package io.selkie.proofs.graph;

import io.selkie.abi.RegisteredSealProof;

/**
 * The 32 bytes that tell the graphs and replicas of one registered proof from those of all others:
 * the proof's number, a nonce that is 0 for every proof there is, and 16 zero bytes, little-endian.
 *
 * <p>Source: rust-filecoin-proofs-api, registry.rs (porep_id).
 */
public final class PorepId {

  private PorepId() {}

  /** The identifier of {@code proof}, 32 bytes. */
  public static byte[] of(RegisteredSealProof proof) {
    byte[] id = new byte[32];
    id[0] = (byte) proof.number();
    return id;
  }
}
