package io.selkie.abi;

import java.util.ArrayList;
import java.util.List;

/**
 * Where pieces lie in a sector: each aligned to its own size, the gaps filled with the fewest zero
 * pieces.
 *
 * <p>A gap from {@code a} to {@code b} takes one zero piece per power of two; ascending sizes keep
 * each of them aligned to its own size, whatever {@code a} was a multiple of. Source: lotus
 * storage/pipeline (GetRequiredPadding, fillersFromRem).
 */
public final class PieceLayout {

  private PieceLayout() {}

  /**
   * The zero pieces between what is written and a piece of this size.
   *
   * @param writtenPaddedBytes what is written already, a multiple of 128
   * @param next the piece to place
   * @return sizes in the order in which they are written; empty when the piece may start at once
   */
  public static List<PaddedPieceSize> paddingBefore(long writtenPaddedBytes, PaddedPieceSize next) {
    long gap = Math.floorMod(-writtenPaddedBytes, next.bytes());
    return ascending(gap);
  }

  /**
   * The zero pieces that fill a sector up.
   *
   * @param writtenPaddedBytes what is written already, a multiple of 128, at most the sector's size
   * @param sector the sector to fill
   * @return sizes in the order in which they are written; empty when it is full
   * @throws IllegalArgumentException if more is written than fits
   */
  public static List<PaddedPieceSize> fillers(long writtenPaddedBytes, SectorSize sector) {
    long rest = sector.bytes() - writtenPaddedBytes;
    if (rest < 0) {
      throw new IllegalArgumentException(
          writtenPaddedBytes
              + " padded bytes are more than a sector of "
              + sector.bytes()
              + " holds");
    }
    return ascending(rest);
  }

  private static List<PaddedPieceSize> ascending(long paddedBytes) {
    List<PaddedPieceSize> pieces = new ArrayList<>();
    for (long rest = paddedBytes; rest != 0; rest &= rest - 1) {
      pieces.add(new PaddedPieceSize(Long.lowestOneBit(rest)));
    }
    return List.copyOf(pieces);
  }
}
