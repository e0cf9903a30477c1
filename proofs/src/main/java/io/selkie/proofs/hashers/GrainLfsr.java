package io.selkie.proofs.hashers;

import io.selkie.proofs.field.Fr;
import java.math.BigInteger;

/**
 * The generator of Poseidon's round constants: an 80-bit Grain shift register, self-shrunk.
 *
 * <p>Source: the Poseidon paper (eprint 2019/458), appendix E, with the field and S-box codes
 * Filecoin uses (both 1).
 */
final class GrainLfsr {

  private static final int STATE_BITS = 80;
  private static final int DISCARDED = 160;
  private static final int FIELD_BITS = 255;

  /** A ring: the oldest bit b0 is at {@link #head}. */
  private final boolean[] bits = new boolean[STATE_BITS];

  private int head;

  GrainLfsr(int width, int fullRounds, int partialRounds) {
    int at = 0;
    at = append(at, 1, 2);
    at = append(at, 1, 4);
    at = append(at, FIELD_BITS, 12);
    at = append(at, width, 12);
    at = append(at, fullRounds, 10);
    at = append(at, partialRounds, 10);
    append(at, (1 << 30) - 1, 30);
    for (int i = 0; i < DISCARDED; i++) {
      step();
    }
  }

  /** The next constant: 255 bits, most significant first, drawn again until below r. */
  BigInteger next() {
    while (true) {
      BigInteger value = BigInteger.ZERO;
      for (int bit = FIELD_BITS - 1; bit >= 0; bit--) {
        if (nextBit()) {
          value = value.setBit(bit);
        }
      }
      if (value.compareTo(Fr.MODULUS) < 0) {
        return value;
      }
    }
  }

  /** Of each pair of outputs, the second counts if the first is 1. */
  private boolean nextBit() {
    while (true) {
      boolean counts = step();
      boolean value = step();
      if (counts) {
        return value;
      }
    }
  }

  private boolean step() {
    boolean output = bit(62) ^ bit(51) ^ bit(38) ^ bit(23) ^ bit(13) ^ bit(0);
    bits[head] = output;
    head = (head + 1) % STATE_BITS;
    return output;
  }

  private boolean bit(int index) {
    return bits[(head + index) % STATE_BITS];
  }

  private int append(int at, int value, int count) {
    for (int i = 0; i < count; i++) {
      bits[at + i] = ((value >>> (count - 1 - i)) & 1) == 1;
    }
    return at + count;
  }
}
