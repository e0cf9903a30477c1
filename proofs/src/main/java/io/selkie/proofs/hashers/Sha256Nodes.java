package io.selkie.proofs.hashers;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;

/**
 * The hash of TreeD: SHA-256 of two nodes, its two top bits cleared so that it is a field element.
 *
 * <p>The platform's SHA-256 is used; it runs on the CPU's SHA instructions where there are any.
 */
public final class Sha256Nodes {

  private static final int NODE_BYTES = 32;
  private static final int PAIR_BYTES = 2 * NODE_BYTES;

  /** Pairs hashed per copy in and out: 16 KiB in, 8 KiB out, well within the first cache. */
  private static final int BATCH_PAIRS = 256;

  private Sha256Nodes() {}

  /**
   * out[i] = SHA-256(in[2i] ‖ in[2i+1]) with bits 254 and 255 cleared, for {@code count} results.
   *
   * <p>Reads {@code 64·count} bytes at {@code inOff}, writes {@code 32·count} at {@code outOff};
   * the two must not overlap. Single-threaded and thread-safe; what it allocates does not depend on
   * {@code count}.
   *
   * @throws IndexOutOfBoundsException if a stretch leaves its segment
   */
  public static void hashPairs(
      MemorySegment in, long inOff, MemorySegment out, long outOff, long count) {
    Objects.checkFromIndexSize(inOff, Math.multiplyExact(count, (long) PAIR_BYTES), in.byteSize());
    Objects.checkFromIndexSize(
        outOff, Math.multiplyExact(count, (long) NODE_BYTES), out.byteSize());
    int batch = (int) Math.min(count, BATCH_PAIRS);
    byte[] pairs = new byte[batch * PAIR_BYTES];
    byte[] digests = new byte[batch * NODE_BYTES];
    MessageDigest sha256 = sha256();
    for (long done = 0; done < count; done += batch) {
      int now = (int) Math.min(count - done, batch);
      MemorySegment.copy(
          in, ValueLayout.JAVA_BYTE, inOff + done * PAIR_BYTES, pairs, 0, now * PAIR_BYTES);
      hashBatch(sha256, pairs, digests, now);
      MemorySegment.copy(
          digests, 0, out, ValueLayout.JAVA_BYTE, outOff + done * NODE_BYTES, now * NODE_BYTES);
    }
  }

  private static void hashBatch(MessageDigest sha256, byte[] pairs, byte[] digests, int count) {
    try {
      for (int i = 0; i < count; i++) {
        sha256.update(pairs, i * PAIR_BYTES, PAIR_BYTES);
        sha256.digest(digests, i * NODE_BYTES, NODE_BYTES);
        digests[i * NODE_BYTES + NODE_BYTES - 1] &= 0x3f;
      }
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 refused a buffer of " + NODE_BYTES + " bytes", e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
