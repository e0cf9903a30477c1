package io.selkie.proofs.fr32;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Fr32 padding with 64-bit shifts, a group at a time.
 *
 * <p>All words are little-endian. The 127 bytes are the words w0 … w14 and the 56-bit word w15, the
 * 128 bytes are the words o0 … o15, four to a node:
 *
 * <pre>
 *   data bit    0        254        508        762      1016
 *   node        |   0     |    1     |    2     |    3    |
 *   begins in   w0 bit 0   w3 bit 62  w7 bit 60  w11 bit 58
 * </pre>
 *
 * so node k is the data shifted left by 2k bits within its words, the last word cut to 62 bits.
 * Word 15 is read and written as the eight bytes from 119 on, which overlap word 14 by one byte:
 * neither side is touched outside its group.
 */
final class Fr32Tuned {

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The 62 data bits of a node's last word. */
  private static final long TOP = 0x3fff_ffff_ffff_ffffL;

  private Fr32Tuned() {}

  /** Pads {@code groups} groups; {@code in} and {@code out} are exactly that long. */
  static void pad(MemorySegment in, MemorySegment out, long groups) {
    for (long group = 0; group < groups; group++) {
      long i = group * 127;
      long o = group * 128;
      long w3 = in.get(WORD, i + 24);
      out.set(WORD, o, in.get(WORD, i));
      out.set(WORD, o + 8, in.get(WORD, i + 8));
      out.set(WORD, o + 16, in.get(WORD, i + 16));
      out.set(WORD, o + 24, w3 & TOP);

      long w4 = in.get(WORD, i + 32);
      long w5 = in.get(WORD, i + 40);
      long w6 = in.get(WORD, i + 48);
      long w7 = in.get(WORD, i + 56);
      out.set(WORD, o + 32, (w3 >>> 62) | (w4 << 2));
      out.set(WORD, o + 40, (w4 >>> 62) | (w5 << 2));
      out.set(WORD, o + 48, (w5 >>> 62) | (w6 << 2));
      out.set(WORD, o + 56, ((w6 >>> 62) | (w7 << 2)) & TOP);

      long w8 = in.get(WORD, i + 64);
      long w9 = in.get(WORD, i + 72);
      long w10 = in.get(WORD, i + 80);
      long w11 = in.get(WORD, i + 88);
      out.set(WORD, o + 64, (w7 >>> 60) | (w8 << 4));
      out.set(WORD, o + 72, (w8 >>> 60) | (w9 << 4));
      out.set(WORD, o + 80, (w9 >>> 60) | (w10 << 4));
      out.set(WORD, o + 88, ((w10 >>> 60) | (w11 << 4)) & TOP);

      long w12 = in.get(WORD, i + 96);
      long w13 = in.get(WORD, i + 104);
      long w14 = in.get(WORD, i + 112);
      long w15 = in.get(WORD, i + 119) >>> 8;
      out.set(WORD, o + 96, (w11 >>> 58) | (w12 << 6));
      out.set(WORD, o + 104, (w12 >>> 58) | (w13 << 6));
      out.set(WORD, o + 112, (w13 >>> 58) | (w14 << 6));
      out.set(WORD, o + 120, (w14 >>> 58) | (w15 << 6));
    }
  }

  /** Takes the padding out of {@code groups} groups; both sides are exactly that long. */
  static void unpad(MemorySegment in, MemorySegment out, long groups) {
    for (long group = 0; group < groups; group++) {
      long i = group * 128;
      long o = group * 127;
      long o4 = in.get(WORD, i + 32);
      out.set(WORD, o, in.get(WORD, i));
      out.set(WORD, o + 8, in.get(WORD, i + 8));
      out.set(WORD, o + 16, in.get(WORD, i + 16));
      out.set(WORD, o + 24, (in.get(WORD, i + 24) & TOP) | (o4 << 62));

      long o5 = in.get(WORD, i + 40);
      long o6 = in.get(WORD, i + 48);
      long o7 = in.get(WORD, i + 56) & TOP;
      long o8 = in.get(WORD, i + 64);
      out.set(WORD, o + 32, (o4 >>> 2) | (o5 << 62));
      out.set(WORD, o + 40, (o5 >>> 2) | (o6 << 62));
      out.set(WORD, o + 48, (o6 >>> 2) | (o7 << 62));
      out.set(WORD, o + 56, (o7 >>> 2) | (o8 << 60));

      long o9 = in.get(WORD, i + 72);
      long o10 = in.get(WORD, i + 80);
      long o11 = in.get(WORD, i + 88) & TOP;
      long o12 = in.get(WORD, i + 96);
      out.set(WORD, o + 64, (o8 >>> 4) | (o9 << 60));
      out.set(WORD, o + 72, (o9 >>> 4) | (o10 << 60));
      out.set(WORD, o + 80, (o10 >>> 4) | (o11 << 60));
      out.set(WORD, o + 88, (o11 >>> 4) | (o12 << 58));

      long o13 = in.get(WORD, i + 104);
      long o14 = in.get(WORD, i + 112);
      long o15 = in.get(WORD, i + 120) & TOP;
      long w14 = (o14 >>> 6) | (o15 << 58);
      out.set(WORD, o + 96, (o12 >>> 6) | (o13 << 58));
      out.set(WORD, o + 104, (o13 >>> 6) | (o14 << 58));
      out.set(WORD, o + 112, w14);
      out.set(WORD, o + 119, (w14 >>> 56) | ((o15 >>> 6) << 8));
    }
  }
}
