package io.selkie.proofs.seal;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;

/**
 * Bytes generated from a key: SHA-256(key, j as u64 little-endian) for j = 0, 1, …, cut to length.
 */
final class KeyedStream extends InputStream {
  private static final int DIGEST_BYTES = 32;

  private final byte[] key;
  private final MessageDigest sha256;
  private byte[] block = new byte[0];
  private int at;
  private long blocks;
  private long left;

  KeyedStream(String key, long length) {
    this.key = key.getBytes(StandardCharsets.US_ASCII);
    this.left = length;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (left == 0 && length > 0) {
      return -1;
    }
    int total = (int) Math.min(left, length);
    for (int done = 0; done < total; ) {
      if (at == block.length) {
        nextBlock();
      }
      int count = Math.min(total - done, DIGEST_BYTES - at);
      System.arraycopy(block, at, into, offset + done, count);
      at += count;
      done += count;
    }
    left -= total;
    return total;
  }

  private void nextBlock() {
    sha256.update(key);
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    block = sha256.digest(number.putLong(blocks++).array());
    at = 0;
  }
}
