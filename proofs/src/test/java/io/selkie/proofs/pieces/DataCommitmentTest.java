package io.selkie.proofs.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.proofs.Resources;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class DataCommitmentTest {

  private static final String A =
      "b817099547b8c59060fede17e8fef01cd2e5871fcc83cb2cf492000001a97216";
  private static final String B =
      "1b77d1c9bab88989f9ac32c5fb281083c81b6f44617bb00ca681a9b17753da1e";

  @ParameterizedTest
  @CsvSource({
    "128, 3731bb99ac689f66eef5973e4a94da188f4ddcae580724fc6f3fd60dfd488333",
    "256, 642a607ef886b004bf2c1978463ae1d4693ac0f410eb2d1b7a47fe205e5e750f",
    "2048, fc7e928296e516faade986b28f92d44a4f24b935485223376a799027bc18f833",
    "8388608, 65f29e5d98d246c38b388cfc06db1f6b021303c5a289000bdce832a9c3ec421c",
    "536870912, 39560e7b13a93b07a243fd2720ffa7cb3e1d2e505ab3629e79f46313512cda06",
    "34359738368, 077e5fde35c50a9303a55009e3498a4ebedff39c42b710b730d8ec7ac7afa63e",
    "68719476736, e64005a6bfe3777953b8ad6ef93f0fca1049b2041654f2a411f7702799cece02"
  })
  void zeroPiece_ofEachSize_isThePublishedOne(long size, String hex) {
    assertThat(ZeroPieces.commitment(new PaddedPieceSize(size)).hex()).isEqualTo(hex);
  }

  @Test
  void zeroPiece_largestSize_hasACommitment() {
    assertThat(ZeroPieces.commitment(new PaddedPieceSize(1L << 62)).isZero()).isFalse();
  }

  @Test
  void ofPieces_none_isTheZeroSector() {
    assertThat(DataCommitment.ofPieces(SectorSize.KIB_2, List.of()))
        .isEqualTo(ZeroPieces.commitment(new PaddedPieceSize(2048)));
  }

  /** Pieces of 128 and 512 bytes: zero pieces of 128 and 256 close the gap between them. */
  @Test
  void ofPieces_gapBetweenPieces_isTheWorkedExample() throws IOException {
    assertThat(
            PieceCommitment.compute(
                    new ByteArrayInputStream(PieceCommitmentTest.counting(508)),
                    new UnpaddedPieceSize(508))
                .hex())
        .isEqualTo(B);
    Commitment commD =
        DataCommitment.ofPieces(
            SectorSize.KIB_2,
            List.of(
                new PieceInfo(new PaddedPieceSize(128), Commitment.ofHex(A)),
                new PieceInfo(new PaddedPieceSize(512), Commitment.ofHex(B)),
                zeros(1024)));
    assertThat(commD.hex())
        .isEqualTo("25c8f4b3ef3ab86f49fcadfc69b2812cc61bbb7066dc86e2da51e0173a6a3c2a");
  }

  @Test
  void ofPieces_onePieceSmallerThanTheSector_isNotExtended() {
    Commitment commP = Commitment.ofHex(A);
    PieceInfo piece = new PieceInfo(new PaddedPieceSize(128), commP);
    assertThat(DataCommitment.ofPieces(SectorSize.KIB_2, List.of(piece))).isEqualTo(commP);
  }

  @Test
  void ofPieces_knownSectors_isTheirCommD() {
    for (JsonNode known : Resources.json("replica/sectors.json")) {
      List<PieceInfo> pieces = new ArrayList<>();
      for (JsonNode piece : known.get("pieces")) {
        pieces.add(
            new PieceInfo(
                new PaddedPieceSize(piece.get("padded_size").longValue()),
                new Commitment(Resources.hex(piece, "comm_p"))));
      }
      int number = known.get("registered_seal_proof").intValue();
      SectorSize size = RegisteredSealProof.ofNumber(number).sectorSize();
      assertThat(DataCommitment.ofPieces(size, pieces).bytes())
          .as(known.get("name").stringValue())
          .isEqualTo(Resources.hex(known, "comm_d"));
    }
  }

  @Test
  void ofPieces_moreThanTheSector_isRefusedByName() {
    assertThatThrownBy(() ->
            DataCommitment.ofPieces(
                SectorSize.KIB_2, List.of(zeros(1024), zeros(1024), zeros(128))))
        .hasMessageContaining("0 to 2")
        .hasMessageContaining("2176")
        .hasMessageContaining("2048");
    assertThatThrownBy(() -> DataCommitment.ofPieces(SectorSize.KIB_2, List.of(zeros(1L << 62))))
        .hasMessageContaining("piece 0");
    assertThatThrownBy(
            () -> DataCommitment.ofPieces(SectorSize.KIB_2, Collections.nCopies(17, zeros(128))))
        .hasMessageContaining("17 pieces");
  }

  /** The sizes add up to 2048, but aligned to their own sizes they take 4096. */
  @Test
  void ofPieces_tooLargeOnceAligned_isRefused() {
    assertThatThrownBy(() ->
            DataCommitment.ofPieces(SectorSize.KIB_2, List.of(zeros(512), zeros(1024), zeros(512))))
        .hasMessageContaining("4096");
  }

  @Test
  void ofPieces_allZeroCommitment_isRefusedByNumber() {
    PieceInfo bad = new PieceInfo(new PaddedPieceSize(128), new Commitment(new byte[32]));
    assertThatThrownBy(() -> DataCommitment.ofPieces(SectorSize.KIB_2, List.of(zeros(128), bad)))
        .hasMessageContaining("piece 1");
  }

  private static PieceInfo zeros(long padded) {
    PaddedPieceSize size = new PaddedPieceSize(padded);
    return new PieceInfo(size, ZeroPieces.commitment(size));
  }
}
