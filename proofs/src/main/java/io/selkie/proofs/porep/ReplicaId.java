package io.selkie.proofs.porep;

import io.selkie.abi.ActorId;
import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.proofs.graph.PorepId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The identity of a replica: every label depends on it, so no two replicas share work.
 *
 * <p>SHA-256 of prover id, sector number (big-endian), ticket, CommD and porep id, its two top bits
 * cleared. Source: rust-fil-proofs, stacked/vanilla/params.rs (generate_replica_id).
 */
public final class ReplicaId {

  private static final int BYTES = 32;

  private ReplicaId() {}

  /** The replica id of a sector, 32 bytes, below 2^254. */
  public static byte[] compute(
      RegisteredSealProof proof, SectorId sector, Randomness ticket, Commitment commD) {
    return compute(
        proverId(sector.miner()), sector.number().value(), ticket, commD, PorepId.of(proof));
  }

  /** As above from an explicit prover id and porep id of 32 bytes each. */
  static byte[] compute(
      byte[] proverId, long sectorNumber, Randomness ticket, Commitment commD, byte[] porepId) {
    ByteBuffer preimage = ByteBuffer.allocate(4 * BYTES + Long.BYTES);
    preimage.put(proverId).putLong(sectorNumber);
    preimage.put(ticket.bytes()).put(commD.bytes()).put(porepId);
    try {
      byte[] id = MessageDigest.getInstance("SHA-256").digest(preimage.array());
      id[BYTES - 1] &= 0x3f;
      return id;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The miner's 32 bytes in proofs: its actor id in unsigned LEB128, then zeros. */
  public static byte[] proverId(ActorId miner) {
    byte[] id = new byte[BYTES];
    long rest = miner.value();
    int at = 0;
    while (rest > 0x7f) {
      id[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    id[at] = (byte) rest;
    return id;
  }
}
