package io.selkie.proofs.graph;

import io.selkie.abi.Blake2b;
import java.nio.ByteBuffer;

/**
 * A permutation of {@code [0, size)}: a Feistel network of three rounds on the next power of four,
 * repeated until the result is in range.
 *
 * <p>Its round function is BLAKE2b of 16 bytes, but takes only {@code 2^halfBits} different inputs
 * per key, at most 131,072 in the largest graph. {@link #tables} computes them once; a whole
 * graph's 2^34 edges then cost three look-ups per pass instead of three hashes. Source:
 * rust-fil-proofs, storage-proofs-core crypto/feistel.rs.
 */
final class FeistelPermutation {

  private static final int ROUNDS = 3;

  private final long size;
  private final int halfBits;
  private final long mask;
  private final long[] keys;

  /**
   * @param size of the domain, 1 to 2^34
   * @param keys the first three are used
   */
  FeistelPermutation(long size, long[] keys) {
    this.size = size;
    int bits = 1;
    while (1L << (2 * bits) < size) {
      bits++;
    }
    this.halfBits = bits;
    this.mask = (1L << bits) - 1;
    this.keys = keys.clone();
  }

  /** Where {@code index} goes. */
  long apply(long index) {
    long image = index;
    do {
      long left = image >>> halfBits;
      long right = image & mask;
      for (int round = 0; round < ROUNDS; round++) {
        long next = left ^ (hash(right, keys[round]) & mask);
        left = right;
        right = next;
      }
      image = (left << halfBits) | right;
    } while (image >= size);
    return image;
  }

  /**
   * The round function for every input: entry {@code (round << halfBits) | right}, already cut to
   * {@code halfBits} bits.
   */
  int[] tables() {
    int[] tables = new int[ROUNDS << halfBits];
    for (int i = 0; i < tables.length; i++) {
      tables[i] = (int) (hash(i & mask, keys[i >>> halfBits]) & mask);
    }
    return tables;
  }

  /** As {@link #apply}, with the round function looked up. */
  static long apply(long index, int[] tables, int halfBits, long size) {
    int mask = (1 << halfBits) - 1;
    int second = 1 << halfBits;
    int third = 2 << halfBits;
    long image = index;
    do {
      int left = (int) (image >>> halfBits);
      int right = (int) image & mask;
      left ^= tables[right];
      right ^= tables[second | left];
      left ^= tables[third + right];
      image = ((long) right << halfBits) | left;
    } while (image >= size);
    return image;
  }

  long size() {
    return size;
  }

  int halfBits() {
    return halfBits;
  }

  /** The first eight bytes, as a big-endian number, of BLAKE2b-512 of two big-endian numbers. */
  static long hash(long right, long key) {
    byte[] message = ByteBuffer.allocate(16).putLong(right).putLong(key).array();
    return ByteBuffer.wrap(Blake2b.digest(64, message)).getLong();
  }
}
