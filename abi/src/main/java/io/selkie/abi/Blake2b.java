package io.selkie.abi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * BLAKE2b, the hash of messages, addresses and chain randomness.
 *
 * <p>Source: RFC 7693. Sequential mode only, no salt and no personalisation.
 */
public final class Blake2b {

  /** The longest digest and the longest key, bytes. */
  public static final int MAX_BYTES = 64;

  private static final int BLOCK = 128;
  private static final int ROUNDS = 12;

  private static final VarHandle LE64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long[] IV = {
    0x6a09e667f3bcc908L, 0xbb67ae8584caa73bL, 0x3c6ef372fe94f82bL, 0xa54ff53a5f1d36f1L,
    0x510e527fade682d1L, 0x9b05688c2b3e6c1fL, 0x1f83d9abfb41bd6bL, 0x5be0cd19137e2179L
  };

  private static final byte[][] SIGMA = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}
  };

  private final long[] h = IV.clone();
  private final long[] v = new long[16];
  private final byte[] block = new byte[BLOCK];
  private final int digestBytes;
  private int filled;
  private long total;

  private Blake2b(int digestBytes, byte[] key) {
    if (digestBytes < 1 || digestBytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "digest of " + digestBytes + " bytes, BLAKE2b gives 1 to " + MAX_BYTES);
    }
    if (key.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "key of " + key.length + " bytes, BLAKE2b takes at most " + MAX_BYTES);
    }
    this.digestBytes = digestBytes;
    h[0] ^= 0x01010000L ^ ((long) key.length << 8) ^ digestBytes;
    if (key.length > 0) {
      System.arraycopy(key, 0, block, 0, key.length);
      filled = BLOCK;
    }
  }

  /**
   * The digest of the parts, one behind the other.
   *
   * @param digestBytes 1 to 64; a shorter digest is not the beginning of a longer one
   * @throws IllegalArgumentException for another length
   */
  public static byte[] digest(int digestBytes, byte[]... parts) {
    return keyed(digestBytes, new byte[0], parts);
  }

  /** The 32-byte digest of the parts, one behind the other. */
  public static byte[] digest256(byte[]... parts) {
    return keyed(32, new byte[0], parts);
  }

  /**
   * The digest of the parts under a key.
   *
   * @param digestBytes 1 to 64
   * @param key 0 to 64 bytes; 0 is the plain hash
   * @throws IllegalArgumentException for another length of either
   */
  public static byte[] keyed(int digestBytes, byte[] key, byte[]... parts) {
    Blake2b hash = new Blake2b(digestBytes, key);
    for (byte[] part : parts) {
      hash.update(part);
    }
    return hash.finish();
  }

  private void update(byte[] part) {
    int at = 0;
    while (at < part.length) {
      if (filled == BLOCK) {
        total += BLOCK;
        compress(false);
        filled = 0;
      }
      int count = Math.min(BLOCK - filled, part.length - at);
      System.arraycopy(part, at, block, filled, count);
      filled += count;
      at += count;
    }
  }

  private byte[] finish() {
    total += filled;
    Arrays.fill(block, filled, BLOCK, (byte) 0);
    compress(true);
    byte[] full = new byte[MAX_BYTES];
    for (int i = 0; i < 8; i++) {
      LE64.set(full, i * 8, h[i]);
    }
    return Arrays.copyOf(full, digestBytes);
  }

  private void compress(boolean last) {
    System.arraycopy(h, 0, v, 0, 8);
    System.arraycopy(IV, 0, v, 8, 8);
    v[12] ^= total;
    if (last) {
      v[14] = ~v[14];
    }
    for (int round = 0; round < ROUNDS; round++) {
      byte[] s = SIGMA[round % SIGMA.length];
      mix(0, 4, 8, 12, s[0], s[1]);
      mix(1, 5, 9, 13, s[2], s[3]);
      mix(2, 6, 10, 14, s[4], s[5]);
      mix(3, 7, 11, 15, s[6], s[7]);
      mix(0, 5, 10, 15, s[8], s[9]);
      mix(1, 6, 11, 12, s[10], s[11]);
      mix(2, 7, 8, 13, s[12], s[13]);
      mix(3, 4, 9, 14, s[14], s[15]);
    }
    for (int i = 0; i < 8; i++) {
      h[i] ^= v[i] ^ v[i + 8];
    }
  }

  private void mix(int a, int b, int c, int d, int x, int y) {
    v[a] += v[b] + (long) LE64.get(block, x * 8);
    v[d] = Long.rotateRight(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = Long.rotateRight(v[b] ^ v[c], 24);
    v[a] += v[b] + (long) LE64.get(block, y * 8);
    v[d] = Long.rotateRight(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = Long.rotateRight(v[b] ^ v[c], 63);
  }
}
