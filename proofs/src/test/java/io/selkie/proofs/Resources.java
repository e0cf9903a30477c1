package io.selkie.proofs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Known answers from the test resources, and the byte streams that their keys stand for. */
public final class Resources {

  private Resources() {}

  /** The file at {@code path} under the test resources. */
  public static JsonNode json(String path) {
    try (InputStream in =
        Objects.requireNonNull(Resources.class.getResourceAsStream("/" + path), path)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes written as hex in a field. */
  public static byte[] hex(JsonNode node, String field) {
    return HexFormat.of().parseHex(node.get(field).stringValue());
  }

  /** The first {@code length} bytes of SHA-256(key ‖ u64le(j)) over j = 0, 1, … */
  public static byte[] stream(String key, int length) {
    MessageDigest sha256 = sha256();
    byte[] prefix = key.getBytes(StandardCharsets.US_ASCII);
    byte[] out = new byte[(length + 31) / 32 * 32];
    for (int j = 0; j * 32 < out.length; j++) {
      sha256.update(prefix);
      sha256.update(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(j).array());
      System.arraycopy(sha256.digest(), 0, out, j * 32, 32);
    }
    return Arrays.copyOf(out, length);
  }

  /** A fresh SHA-256. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
