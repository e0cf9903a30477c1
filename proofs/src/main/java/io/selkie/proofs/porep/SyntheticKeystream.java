package io.selkie.proofs.porep;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * ChaCha20 with the nonce of synthetic challenges.
 *
 * <p>Layout of RFC 8439: 32-bit block counter from 0, nonce {@code synth-porep} and a zero byte.
 * (The graph's sampler uses another variant, with eight rounds and a 64-bit counter.)
 */
final class SyntheticKeystream {

  private static final int BLOCK_BYTES = 64;
  private static final int DOUBLE_ROUNDS = 10;

  private final int[] initial = new int[16];
  private final int[] state = new int[16];
  private byte[] block = new byte[0];
  private long blockNumber = -1;

  /**
   * @param key 32 bytes
   */
  SyntheticKeystream(byte[] key) {
    ByteBuffer words = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    words.put("expand 32-byte k".getBytes(StandardCharsets.US_ASCII));
    words.put(key).putInt(0);
    words.put("synth-porep\0".getBytes(StandardCharsets.US_ASCII));
    words.flip();
    for (int i = 0; i < initial.length; i++) {
      initial[i] = words.getInt(i * 4);
    }
  }

  /** {@code count} bytes of the stream from {@code offset} on, which must lie in one block. */
  byte[] bytes(long offset, int count) {
    long wanted = offset / BLOCK_BYTES;
    if (wanted != blockNumber) {
      computeBlock(wanted);
    }
    int from = (int) (offset % BLOCK_BYTES);
    return Arrays.copyOfRange(block, from, from + count);
  }

  private void computeBlock(long number) {
    initial[12] = Math.toIntExact(number);
    System.arraycopy(initial, 0, state, 0, state.length);
    for (int round = 0; round < DOUBLE_ROUNDS; round++) {
      for (int i = 0; i < 4; i++) {
        quarterRound(i, i + 4, i + 8, i + 12);
      }
      for (int i = 0; i < 4; i++) {
        quarterRound(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
      }
    }
    ByteBuffer out = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < state.length; i++) {
      out.putInt(state[i] + initial[i]);
    }
    block = out.array();
    blockNumber = number;
  }

  private void quarterRound(int a, int b, int c, int d) {
    state[a] += state[b];
    state[d] = Integer.rotateLeft(state[d] ^ state[a], 16);
    state[c] += state[d];
    state[b] = Integer.rotateLeft(state[b] ^ state[c], 12);
    state[a] += state[b];
    state[d] = Integer.rotateLeft(state[d] ^ state[a], 8);
    state[c] += state[d];
    state[b] = Integer.rotateLeft(state[b] ^ state[c], 7);
  }
}
