package io.selkie.store;

import io.selkie.abi.SectorNumber;
import java.util.Comparator;

/**
 * The order of sector numbers by the bytes of their decimal text: 10, 100, 9. It is the order of a
 * store keyed by {@code /sectors/<decimal number>}, which the Sectors API shows.
 */
final class DecimalTextOrder implements Comparator<SectorNumber> {

  private static final int DIGITS_MAX = 19;

  private static final long[] POWERS_OF_TEN = powersOfTen();

  @Override
  public int compare(SectorNumber a, SectorNumber b) {
    int digitsA = digits(a.value());
    int digitsB = digits(b.value());
    // Filled with zeros on the right to 19 digits the texts compare as unsigned numbers: the
    // greatest, 9 and eighteen zeros of 9..., is below 10^19 < 2^64.
    int byText =
        Long.compareUnsigned(
            a.value() * POWERS_OF_TEN[DIGITS_MAX - digitsA],
            b.value() * POWERS_OF_TEN[DIGITS_MAX - digitsB]);
    return byText != 0 ? byText : Integer.compare(digitsA, digitsB);
  }

  private static int digits(long value) {
    int digits = 1;
    while (digits < DIGITS_MAX && value >= POWERS_OF_TEN[digits]) {
      digits++;
    }
    return digits;
  }

  private static long[] powersOfTen() {
    long[] powers = new long[DIGITS_MAX];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }
}
