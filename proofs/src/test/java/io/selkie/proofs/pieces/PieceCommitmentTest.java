package io.selkie.proofs.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Commitment;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.proofs.Resources;
import io.selkie.proofs.fr32.Fr32;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code commp.json} holds outputs of rust-fil-proofs, API 19.1.0. */
final class PieceCommitmentTest {

  @TempDir Path dir;

  /** Each known piece: commitment, padded bytes as written to a file, and their first bytes. */
  @Test
  void write_knownPieces_givesCommitmentAndPaddedBytes() throws IOException {
    int seen = 0;
    for (JsonNode known : Resources.json("pieces/commp.json")) {
      int size = known.get("unpadded_size").intValue();
      byte[] data = data(known, size);
      UnpaddedPieceSize pieceSize = new UnpaddedPieceSize(size);
      Commitment expected = new Commitment(Resources.hex(known, "comm_p"));
      assertThat(PieceCommitment.compute(new ByteArrayInputStream(data), pieceSize))
          .as("%s bytes", size)
          .isEqualTo(expected);
      Path file = dir.resolve("piece-" + seen++);
      try (FileChannel channel = create(file)) {
        assertThat(PieceWriter.write(new ByteArrayInputStream(data), pieceSize, channel, 256))
            .isEqualTo(expected);
      }
      byte[] written = Files.readAllBytes(file);
      byte[] padded = Arrays.copyOfRange(written, 256, written.length);
      assertThat(padded).hasSize(size / 127 * 128);
      byte[] prefix = Resources.hex(known, "padded_prefix_hex");
      assertThat(Arrays.copyOf(padded, prefix.length)).isEqualTo(prefix);
      assertThat(HexFormat.of().formatHex(Resources.sha256().digest(padded)))
          .isEqualTo(known.get("padded_sha256").stringValue());
      assertThat(Fr32.unpad(padded, size)).isEqualTo(data);
    }
    assertThat(seen).isEqualTo(16);
  }

  @Test
  void compute_countingBytes_isTheWorkedExample() throws IOException {
    assertThat(commP(counting(127)).hex())
        .isEqualTo("b817099547b8c59060fede17e8fef01cd2e5871fcc83cb2cf492000001a97216");
  }

  /** Four chunks: the counter of pending subtrees carries over two levels. */
  @Test
  void compute_zerosOverSeveralChunks_equalsTheZeroPiece() throws IOException {
    UnpaddedPieceSize size = new UnpaddedPieceSize(127L << 15);
    try (InputStream zeros = new ZeroPaddedInputStream(InputStream.nullInputStream(), size)) {
      assertThat(PieceCommitment.compute(zeros, size))
          .isEqualTo(ZeroPieces.commitment(size.padded()));
    }
  }

  /** The root over several chunks equals the one joined from its halves' roots. */
  @Test
  void compute_dataOverSeveralChunks_equalsTheJoinedHalves() throws IOException {
    int half = 127 << 14;
    byte[] data = Resources.stream("halves", 2 * half);
    byte[] left = commP(Arrays.copyOf(data, half)).bytes();
    byte[] right = commP(Arrays.copyOfRange(data, half, 2 * half)).bytes();
    assertThat(commP(data).bytes()).isEqualTo(DataHash.pair(left, right));
  }

  @Test
  void compute_shortSource_saysHowFarItCame() {
    assertThatThrownBy(() ->
            PieceCommitment.compute(
                new ByteArrayInputStream(new byte[200]), new UnpaddedPieceSize(254)))
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("254")
        .hasMessageContaining("200");
  }

  @Test
  void compute_longSource_isRefused() {
    assertThatThrownBy(() ->
            PieceCommitment.compute(
                new ByteArrayInputStream(new byte[255]), new UnpaddedPieceSize(254)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("254");
  }

  @Test
  void compute_interruptedThread_stops() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> commP(new byte[127])).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void write_offsetWithinAGroup_isRefusedByName() throws IOException {
    try (FileChannel channel = create(dir.resolve("f"))) {
      InputStream data = new ByteArrayInputStream(new byte[127]);
      UnpaddedPieceSize size = new UnpaddedPieceSize(127);
      assertThatThrownBy(() -> PieceWriter.write(data, size, channel, 64))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("64");
    }
  }

  @Test
  void zeroPadded_shortSource_isFilledToThePiece() throws IOException {
    UnpaddedPieceSize size = new UnpaddedPieceSize(254);
    try (InputStream in =
        new ZeroPaddedInputStream(new ByteArrayInputStream(counting(130)), size)) {
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOf(counting(130), 254));
    }
  }

  @Test
  void zeroPadded_longSource_isNotCut() throws IOException {
    UnpaddedPieceSize size = new UnpaddedPieceSize(127);
    try (InputStream in =
        new ZeroPaddedInputStream(new ByteArrayInputStream(counting(130)), size)) {
      assertThatThrownBy(() -> PieceCommitment.compute(in, size)).isInstanceOf(IOException.class);
    }
  }

  static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static Commitment commP(byte[] data) throws IOException {
    return PieceCommitment.compute(
        new ByteArrayInputStream(data), new UnpaddedPieceSize(data.length));
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static byte[] data(JsonNode known, int size) {
    return known.get("data_key").isNull()
        ? new byte[size]
        : Resources.stream(known.get("data_key").stringValue(), size);
  }
}
