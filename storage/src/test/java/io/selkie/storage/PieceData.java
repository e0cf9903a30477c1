package io.selkie.storage;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The data streams of the known answers: SHA-256(key ‖ j as u64 LE) for j = 0, 1, 2, … */
final class PieceData {

  private PieceData() {}

  static byte[] of(String key, int length) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (long j = 0; out.size() < length; j++) {
        sha256.update(key.getBytes(StandardCharsets.US_ASCII));
        sha256.update(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, j));
        out.writeBytes(sha256.digest());
      }
      return Arrays.copyOf(out.toByteArray(), length);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
