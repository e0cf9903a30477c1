package io.selkie.storage;

import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.SectorRef;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Sector 3 as lotus-miner sealed it; see the README beside the file. */
final class LotusSector3 {

  static final SectorRef SECTOR =
      new SectorRef(SectorId.of(1000, 3), RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
  static final byte[] PIECE_0 = PieceData.of("lotus:piece:0", 1016);
  static final byte[] PIECE_1 = PieceData.of("lotus:piece:1", 508);

  private static final Map<String, String> VALUES = load();

  static final Randomness TICKET = Randomness.ofHex(text("ticket"));
  static final Randomness SEED = Randomness.ofHex(text("seed"));
  static final Commitment COMM_D = commitment(text("comm_d_cid"));
  static final Commitment COMM_R = commitment(text("comm_r_cid"));
  static final List<PieceInfo> PIECES = List.of(piece(0), piece(1), piece(2));

  private LotusSector3() {}

  static String text(String key) {
    return Objects.requireNonNull(VALUES.get(key), key);
  }

  static byte[] bytes(String key) {
    return HexFormat.of().parseHex(text(key));
  }

  /** The unpadded sector. */
  static byte[] data() {
    byte[] data = Arrays.copyOf(PIECE_0, 2032);
    System.arraycopy(PIECE_1, 0, data, 1016, PIECE_1.length);
    return data;
  }

  /** Writes the finalised files into a storage path. */
  static void writeFinalised(Path path) throws IOException {
    Files.write(path.resolve("sealed/s-t01000-3"), bytes("sealed_hex"));
    Path cache = Files.createDirectory(path.resolve("cache/s-t01000-3"));
    Files.write(cache.resolve("p_aux"), bytes("p_aux_hex"));
    Files.write(cache.resolve("t_aux"), bytes("t_aux_hex_after_finalize"));
    Files.write(cache.resolve("sc-02-data-tree-r-last.dat"), bytes("tree_r_last_hex"));
  }

  static List<PieceInfo> addPieces(LocalSealer sealer) throws SealFault {
    return List.of(
        sealer.addPiece(
            SECTOR,
            0,
            new UnpaddedPieceSize(1016),
            () -> new ByteArrayInputStream(PIECE_0),
            Progress.NONE),
        sealer.addPiece(
            SECTOR,
            1024,
            new UnpaddedPieceSize(508),
            () -> new ByteArrayInputStream(PIECE_1),
            Progress.NONE),
        sealer.addZeros(SECTOR, 1536, new UnpaddedPieceSize(508), Progress.NONE));
  }

  private static PieceInfo piece(int index) {
    String[] words = text("piece_" + index).split(" ", -1);
    return new PieceInfo(new PaddedPieceSize(Long.parseLong(words[0])), commitment(words[1]));
  }

  private static Commitment commitment(String cid) {
    byte[] bytes = Cid.parse(cid).bytes();
    return new Commitment(
        Arrays.copyOfRange(bytes, bytes.length - Commitment.LENGTH, bytes.length));
  }

  private static Map<String, String> load() {
    try (InputStream in =
        Objects.requireNonNull(
            LotusSector3.class.getResourceAsStream("/storage/lotus-sector-3.properties"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("=", 2))
          .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
