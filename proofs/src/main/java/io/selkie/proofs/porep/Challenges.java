package io.selkie.proofs.porep;

import io.selkie.abi.Blake2b;
import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.RegisteredSealProof.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The nodes a proof of replication opens.
 *
 * <p>All kinds draw one sequence of challenges; partition {@code k} is its slice from {@code k *
 * perPartition} on. A challenge is a 256-bit little-endian number modulo {@code N - 1}, plus one:
 * node 0, which has no parents, is never opened; repetitions are kept. Source: rust-fil-proofs,
 * stacked/vanilla/challenges.rs; FIP-0059 (synthetic), FIP-0092 (non-interactive).
 */
public final class Challenges {

  private static final int NODE_BYTES = 32;

  /** Synthetic challenges in the pool of the larger sectors; small ones have one per node. */
  private static final long MAX_POOL = 1L << 18;

  private static final byte[] NON_INTERACTIVE = ascii("filecoin.io|PoRep|1|NonInteractive|1");
  private static final byte[] GENERATION = ascii("filecoin.io|PoRep|1|Synthetic|1|Generation");
  private static final byte[] SELECTION = ascii("filecoin.io|PoRep|1|Synthetic|1|Selection");

  private Challenges() {}

  /** Partitions of a proof of this kind and size. */
  public static int partitions(RegisteredSealProof proof) {
    boolean nonInteractive = proof.kind() == Kind.NON_INTERACTIVE;
    return switch (proof.sectorSize()) {
      case KIB_2, MIB_8, MIB_512 -> nonInteractive ? 13 : 1;
      case GIB_32, GIB_64 -> nonInteractive ? 126 : 10;
    };
  }

  /** Challenges in each partition; the same circuit serves all kinds. */
  public static int perPartition(RegisteredSealProof proof) {
    return switch (proof.sectorSize()) {
      case KIB_2, MIB_8, MIB_512 -> 2;
      case GIB_32, GIB_64 -> 18;
    };
  }

  /**
   * The challenges of {@code proof}, by its kind.
   *
   * @param replicaId 32 bytes
   * @param seed the interactive randomness; a non-interactive proof does not use it
   * @return partitions, each with its challenges
   */
  public static long[][] of(
      RegisteredSealProof proof, byte[] replicaId, Commitment commR, Randomness seed) {
    return switch (proof.kind()) {
      case V1, V1_1 -> interactive(proof, replicaId, seed);
      case SYNTHETIC -> synthetic(proof, replicaId, commR, seed);
      case NON_INTERACTIVE -> nonInteractive(proof, replicaId, commR);
    };
  }

  /** Challenges from the replica and the chain's randomness after its commitment. */
  public static long[][] interactive(RegisteredSealProof proof, byte[] replicaId, Randomness seed) {
    return hashed(proof, replicaId, seed.bytes());
  }

  /** Challenges from the replica and its own commitment, with nothing from the chain. */
  public static long[][] nonInteractive(
      RegisteredSealProof proof, byte[] replicaId, Commitment commR) {
    return hashed(proof, NON_INTERACTIVE, replicaId, commR.bytes());
  }

  /** Challenges that the chain's randomness selects from the replica's pool. */
  public static long[][] synthetic(
      RegisteredSealProof proof, byte[] replicaId, Commitment commR, Randomness seed) {
    long nodes = proof.sectorSize().nodeCount();
    long poolSize = poolSize(nodes);
    int[] indexes =
        syntheticIndexes(replicaId, seed, poolSize, partitions(proof) * perPartition(proof));
    byte[] key = Blake2b.keyed(NODE_BYTES, GENERATION, replicaId, commR.bytes());
    SyntheticKeystream pool = new SyntheticKeystream(key);
    long[] sequence = new long[indexes.length];
    Arrays.setAll(sequence, i -> challenge(pool.bytes(32L * indexes[i], NODE_BYTES), nodes));
    return slice(sequence, perPartition(proof));
  }

  /** The whole pool from which synthetic challenges are selected. */
  public static long[] syntheticPool(
      RegisteredSealProof proof, byte[] replicaId, Commitment commR) {
    long nodes = proof.sectorSize().nodeCount();
    return syntheticPool(nodes, replicaId, commR, (int) poolSize(nodes));
  }

  /** The first {@code count} of the pool. */
  static long[] syntheticPool(long nodes, byte[] replicaId, Commitment commR, int count) {
    byte[] key = Blake2b.keyed(NODE_BYTES, GENERATION, replicaId, commR.bytes());
    SyntheticKeystream keystream = new SyntheticKeystream(key);
    long[] pool = new long[count];
    Arrays.setAll(pool, i -> challenge(keystream.bytes(32L * i, NODE_BYTES), nodes));
    return pool;
  }

  /** Which entries of the pool the seed selects. */
  static int[] syntheticIndexes(byte[] replicaId, Randomness seed, long poolSize, int count) {
    byte[] key = Blake2b.keyed(NODE_BYTES, SELECTION, replicaId, seed.bytes());
    SyntheticKeystream keystream = new SyntheticKeystream(key);
    int[] indexes = new int[count];
    Arrays.setAll(indexes, i -> (int) (littleEndian(keystream.bytes(4L * i, 4), 0) % poolSize));
    return indexes;
  }

  /** Entries in the pool of a sector with {@code nodes} nodes. */
  static long poolSize(long nodes) {
    return Math.min(nodes, MAX_POOL);
  }

  private static long[][] hashed(RegisteredSealProof proof, byte[]... parts) {
    long nodes = proof.sectorSize().nodeCount();
    MessageDigest sha256 = sha256();
    long[] sequence = new long[partitions(proof) * perPartition(proof)];
    for (int i = 0; i < sequence.length; i++) {
      for (byte[] part : parts) {
        sha256.update(part);
      }
      sha256.update(new byte[] {(byte) i, (byte) (i >> 8), (byte) (i >> 16), (byte) (i >> 24)});
      sequence[i] = challenge(sha256.digest(), nodes);
    }
    return slice(sequence, perPartition(proof));
  }

  private static long[][] slice(long[] sequence, int perPartition) {
    long[][] partitions = new long[sequence.length / perPartition][];
    Arrays.setAll(
        partitions, k -> Arrays.copyOfRange(sequence, k * perPartition, (k + 1) * perPartition));
    return partitions;
  }

  /** {@code (number mod (nodes - 1)) + 1}, word by word: the remainder stays below 2^31. */
  static long challenge(byte[] number, long nodes) {
    long remainder = 0;
    for (int at = number.length - 4; at >= 0; at -= 4) {
      remainder = ((remainder << 32) | littleEndian(number, at)) % (nodes - 1);
    }
    return remainder + 1;
  }

  private static long littleEndian(byte[] bytes, int at) {
    return (bytes[at] & 0xffL)
        | (bytes[at + 1] & 0xffL) << 8
        | (bytes[at + 2] & 0xffL) << 16
        | (bytes[at + 3] & 0xffL) << 24;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
