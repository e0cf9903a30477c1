package io.selkie.node;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The known answers' data: SHA-256(key, j as u64 little-endian) for j = 0, 1, …, cut to length. */
final class KeyedBytes {

  private KeyedBytes() {}

  static byte[] of(String key, int length) {
    ByteBuffer all = ByteBuffer.allocate(Math.ceilDiv(length, 32) * 32);
    for (long j = 0; all.hasRemaining(); j++) {
      MessageDigest digest = sha256();
      digest.update(key.getBytes(StandardCharsets.US_ASCII));
      digest.update(
          ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(j).array());
      all.put(digest.digest());
    }
    byte[] cut = new byte[length];
    all.get(0, cut);
    return cut;
  }

  static String sha256Hex(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
