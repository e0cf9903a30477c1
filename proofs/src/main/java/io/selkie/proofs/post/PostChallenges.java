package io.selkie.proofs.post;

import io.selkie.abi.ActorId;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredPoStProof;
import io.selkie.abi.SectorNumber;
import io.selkie.proofs.porep.ReplicaId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The sectors and nodes that a proof of spacetime opens. Each is the first eight bytes of a SHA-256
 * as a little-endian number, modulo the count; repetitions are kept.
 *
 * <p>The chain draws 256 bits and the proofs take a field element, so the two top bits of the
 * randomness are cleared first, as every caller of the reference's proofs does.
 *
 * <p>Source: rust-fil-proofs, storage-proofs-post fallback/vanilla.rs
 * (generate_leaf_challenge_inner, generate_sector_challenge); filecoin-ffi proofs.go for the bits.
 */
public final class PostChallenges {

  private static final int TOP_BITS = 0x3f;

  private PostChallenges() {}

  /** The randomness with its two top bits cleared, which makes it a field element. */
  public static byte[] fieldElement(Randomness randomness) {
    byte[] bytes = randomness.bytes();
    bytes[bytes.length - 1] &= TOP_BITS;
    return bytes;
  }

  /**
   * Which of a miner's sectors a winning proof is about.
   *
   * @param eligible how many there are to choose from, at least 1
   * @return {@code draws} indexes below {@code eligible}
   */
  public static int[] winningSectors(
      ActorId miner, Randomness randomness, int eligible, int draws) {
    return winningSectors(ReplicaId.proverId(miner), randomness, eligible, draws);
  }

  /** As above from an explicit prover id of 32 bytes. */
  static int[] winningSectors(byte[] proverId, Randomness randomness, int eligible, int draws) {
    if (eligible < 1) {
      throw new IllegalArgumentException("a sector chosen among " + eligible);
    }
    byte[] random = fieldElement(randomness);
    int[] indexes = new int[draws];
    Arrays.setAll(indexes, n -> Math.toIntExact(draw(eligible, proverId, random, littleEndian(n))));
    return indexes;
  }

  /**
   * The challenged nodes of a sector.
   *
   * @param sectorIndex its place among all sectors that are proven at once, from 0; of effect only
   *     where challenges are numbered on
   */
  public static long[] nodes(
      RegisteredPoStProof proof, Randomness randomness, SectorNumber sector, long sectorIndex) {
    byte[] random = fieldElement(randomness);
    byte[] number = littleEndian(sector.value());
    long first =
        switch (proof.kind()) {
          case WINNING, WINDOW_V1 -> sectorIndex * proof.challenges();
          case WINDOW_V1_1 -> 0;
        };
    long[] nodes = new long[proof.challenges()];
    Arrays.setAll(
        nodes, n -> draw(proof.sectorSize().nodeCount(), random, number, littleEndian(first + n)));
    return nodes;
  }

  private static long draw(long count, byte[]... preimage) {
    MessageDigest sha256 = sha256();
    for (byte[] part : preimage) {
      sha256.update(part);
    }
    long number = ByteBuffer.wrap(sha256.digest()).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return Long.remainderUnsigned(number, count);
  }

  private static byte[] littleEndian(long number) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
