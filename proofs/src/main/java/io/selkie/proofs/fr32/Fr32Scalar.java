package io.selkie.proofs.fr32;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** Fr32 padding bit by bit: the readable reference for {@link Fr32Tuned}. */
final class Fr32Scalar {

  private static final int DATA_BITS = 254;
  private static final int NODE_BITS = 256;

  private Fr32Scalar() {}

  /** Pads {@code groups} groups of 127 bytes into zeroed memory. */
  static void pad(MemorySegment in, MemorySegment out, long groups) {
    for (long bit = 0; bit < groups * 4 * DATA_BITS; bit++) {
      copyBit(in, bit, out, bit / DATA_BITS * NODE_BITS + bit % DATA_BITS);
    }
  }

  /** Takes the padding out of {@code groups} groups of 128 bytes into zeroed memory. */
  static void unpad(MemorySegment in, MemorySegment out, long groups) {
    for (long bit = 0; bit < groups * 4 * DATA_BITS; bit++) {
      copyBit(in, bit / DATA_BITS * NODE_BITS + bit % DATA_BITS, out, bit);
    }
  }

  private static void copyBit(MemorySegment in, long from, MemorySegment out, long to) {
    int bit = (in.get(JAVA_BYTE, from / 8) >> (from % 8)) & 1;
    out.set(JAVA_BYTE, to / 8, (byte) (out.get(JAVA_BYTE, to / 8) | (bit << (to % 8))));
  }
}
