package io.selkie.proofs.fr32;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Fr32 padding: two zero bits after every 254 bits of data, so that each 32 bytes are a field
 * element below 2^254.
 *
 * <p>Bits are counted from the least significant bit of byte 0 on. A <em>group</em> is the smallest
 * unit in which both sides are whole bytes: 127 bytes of data, four nodes (128 bytes) of padded
 * data. Source: Filecoin specification, "Piece and data representation"; rust-fil-proofs, fr32.
 *
 * <p>Stateless and safe for any number of threads; callers with much data split it by groups.
 */
public final class Fr32 {

  /** Data bytes in a group. */
  public static final int UNPADDED_GROUP_BYTES = 127;

  /** Padded bytes in a group: four nodes. */
  public static final int PADDED_GROUP_BYTES = 128;

  private static final int NODE_BYTES = 32;
  private static final int DATA_BITS = 254;

  private Fr32() {}

  /**
   * The bytes that {@code unpadded} bytes take after padding, a last group cut to whole bytes.
   *
   * @param unpadded bytes of data, 0 to 2^59
   * @throws IllegalArgumentException outside that range
   */
  public static long paddedLength(long unpadded) {
    requireLength("unpadded", unpadded);
    long bits = unpadded * 8;
    return (bits / DATA_BITS * 256 + bits % DATA_BITS + 7) / 8;
  }

  /**
   * The whole bytes of data in {@code padded} padded bytes.
   *
   * @param padded padded bytes, 0 to 2^59
   * @throws IllegalArgumentException outside that range
   */
  public static long unpaddedLength(long padded) {
    requireLength("padded", padded);
    long bits = padded * 8;
    return (bits / 256 * DATA_BITS + bits % 256) / 8;
  }

  /**
   * Pads whole groups.
   *
   * @param in data, read from {@code inOffset} on, 127 bytes per group
   * @param out receives 128 bytes per group from {@code outOffset} on; must not overlap {@code in}
   * @param groups how many groups, 0 or more
   * @throws IndexOutOfBoundsException if either side is too short
   */
  public static void pad(
      MemorySegment in, long inOffset, MemorySegment out, long outOffset, long groups) {
    MemorySegment from = in.asSlice(inOffset, Math.multiplyExact(groups, UNPADDED_GROUP_BYTES));
    MemorySegment to = out.asSlice(outOffset, Math.multiplyExact(groups, PADDED_GROUP_BYTES));
    Fr32Tuned.pad(from, to, groups);
  }

  /**
   * Takes the padding out of whole groups; the two top bits of each node are dropped unseen.
   *
   * @param in padded data, read from {@code inOffset} on, 128 bytes per group
   * @param out receives 127 bytes per group from {@code outOffset} on; must not overlap {@code in}
   * @param groups how many groups, 0 or more
   * @throws IndexOutOfBoundsException if either side is too short
   */
  public static void unpad(
      MemorySegment in, long inOffset, MemorySegment out, long outOffset, long groups) {
    MemorySegment from = in.asSlice(inOffset, Math.multiplyExact(groups, PADDED_GROUP_BYTES));
    MemorySegment to = out.asSlice(outOffset, Math.multiplyExact(groups, UNPADDED_GROUP_BYTES));
    Fr32Tuned.unpad(from, to, groups);
  }

  /**
   * Pads data of any length: the last group is extended with zeros, and as many whole nodes are
   * given as the data has begun, {@code ceil(8 * length / 254)}.
   */
  public static byte[] pad(byte[] data) {
    int groups = (data.length + UNPADDED_GROUP_BYTES - 1) / UNPADDED_GROUP_BYTES;
    byte[] whole = Arrays.copyOf(data, Math.multiplyExact(groups, UNPADDED_GROUP_BYTES));
    byte[] padded = new byte[Math.multiplyExact(groups, PADDED_GROUP_BYTES)];
    pad(MemorySegment.ofArray(whole), 0, MemorySegment.ofArray(padded), 0, groups);
    long nodes = (8L * data.length + DATA_BITS - 1) / DATA_BITS;
    return Arrays.copyOf(padded, Math.toIntExact(nodes * NODE_BYTES));
  }

  /**
   * The first {@code length} bytes of data in {@code padded}, which starts with a whole group.
   *
   * @param length bytes of data, 0 to {@link #unpaddedLength} of the array
   * @throws IllegalArgumentException if {@code padded} holds fewer
   */
  public static byte[] unpad(byte[] padded, int length) {
    long held = unpaddedLength(padded.length);
    if (length < 0 || length > held) {
      throw new IllegalArgumentException(
          "unpadding "
              + length
              + " bytes of "
              + padded.length
              + " padded ones, which hold "
              + held);
    }
    int groups = (length + UNPADDED_GROUP_BYTES - 1) / UNPADDED_GROUP_BYTES;
    byte[] whole = Arrays.copyOf(padded, Math.multiplyExact(groups, PADDED_GROUP_BYTES));
    MemorySegment out = MemorySegment.ofArray(new byte[groups * UNPADDED_GROUP_BYTES]);
    unpad(MemorySegment.ofArray(whole), 0, out, 0, groups);
    return out.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }

  private static void requireLength(String what, long bytes) {
    if (bytes < 0 || bytes > 1L << 59) {
      throw new IllegalArgumentException(what + " length " + bytes + " is not in 0 to 2^59");
    }
  }
}
