package io.selkie.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PieceLayoutTest {

  @Test
  void paddingBefore_alignedOffset_isEmpty() {
    assertThat(PieceLayout.paddingBefore(1024, new PaddedPieceSize(512))).isEmpty();
    assertThat(PieceLayout.paddingBefore(0, new PaddedPieceSize(1 << 20))).isEmpty();
  }

  @Test
  void paddingBefore_smallThenLarge_ascends() {
    assertThat(sizes(PieceLayout.paddingBefore(128, new PaddedPieceSize(1024))))
        .containsExactly(128L, 256L, 512L);
  }

  /** The example of the sealing pipeline's text: one piece of 512 in a 2 KiB sector. */
  @Test
  void fillers_pieceOf512In2KiB_are512And1024() {
    assertThat(sizes(PieceLayout.fillers(512, SectorSize.KIB_2))).containsExactly(512L, 1024L);
  }

  @Test
  void fillers_emptySector_isOnePieceOfItsSize() {
    assertThat(sizes(PieceLayout.fillers(0, SectorSize.GIB_32))).containsExactly(32L << 30);
  }

  @Test
  void fillers_moreThanFits_isRefusedByName() {
    assertThatThrownBy(() -> PieceLayout.fillers(2176, SectorSize.KIB_2))
        .hasMessageContaining("2176")
        .hasMessageContaining("2048");
  }

  /**
   * Property: every zero piece starts at a multiple of its own size, and together they close the
   * gap.
   */
  @Test
  void zeroPieces_anyOffset_areAligned() {
    long seed = 20261122;
    Random random = new Random(seed);
    for (int round = 0; round < 1000; round++) {
      long written = 128L * random.nextInt(1 << 16);
      PaddedPieceSize next = new PaddedPieceSize(128L << random.nextInt(16));
      long at = written;
      for (PaddedPieceSize zero : PieceLayout.paddingBefore(written, next)) {
        assertThat(at % zero.bytes()).as("seed %d round %d", seed, round).isZero();
        at += zero.bytes();
      }
      assertThat(at % next.bytes()).as("seed %d round %d", seed, round).isZero();
      assertThat(at - written).isLessThan(next.bytes());
    }
  }

  private static List<Long> sizes(List<PaddedPieceSize> pieces) {
    return pieces.stream().map(PaddedPieceSize::bytes).toList();
  }
}
