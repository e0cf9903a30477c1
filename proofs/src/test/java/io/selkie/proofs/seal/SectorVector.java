package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.proofs.Resources;
import io.selkie.proofs.pieces.PieceWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** A sector whose every byte is known, from the test resources. */
public record SectorVector(
    JsonNode json, SealSector sector, Randomness seed, List<PieceInfo> pieces) {

  public static SectorVector load(String name) {
    JsonNode json = Resources.json("sectors/" + name + ".json");
    List<PieceInfo> pieces = new ArrayList<>();
    for (JsonNode piece : json.get("pieces")) {
      pieces.add(
          new PieceInfo(
              new PaddedPieceSize(piece.get("padded_size").longValue()),
              Commitment.ofHex(piece.get("comm_p").stringValue())));
    }
    SealSector sector =
        new SealSector(
            RegisteredSealProof.ofNumber(json.get("registered_seal_proof").longValue()),
            SectorId.of(json.get("miner").longValue(), json.get("sector_number").longValue()),
            Randomness.ofHex(json.get("ticket").stringValue()));
    return new SectorVector(
        json, sector, Randomness.ofHex(json.get("seed").stringValue()), List.copyOf(pieces));
  }

  public Commitment commitment(String field) {
    return Commitment.ofHex(json.get(field).stringValue());
  }

  public String text(String field) {
    return json.get(field).stringValue();
  }

  public byte[] pieceBytes(int index) {
    JsonNode piece = json.get("pieces").get(index);
    return Resources.stream(
        piece.get("data_key").stringValue(), piece.get("unpadded_size").intValue());
  }

  /** The client bytes of all pieces, which fill the sector. */
  public byte[] unpadded() throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    for (int i = 0; i < pieces.size(); i++) {
      out.write(pieceBytes(i));
    }
    return out.toByteArray();
  }

  /** Writes the pieces, padded, one after the other. */
  public Path stage(Path dir) throws IOException {
    Path staged = dir.resolve("staged");
    long at = 0;
    try (FileChannel channel =
        FileChannel.open(staged, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < pieces.size(); i++) {
        byte[] bytes = pieceBytes(i);
        PieceWriter.write(
            new ByteArrayInputStream(bytes), pieces.get(i).size().unpadded(), channel, at);
        at += pieces.get(i).size().bytes();
      }
    }
    return staged;
  }

  /** Expected SHA-256 of each cache file; t_aux left out, as it holds the directory's path. */
  public Map<String, String> cacheHashes() {
    Map<String, String> hashes = new TreeMap<>();
    json.get("cache_files")
        .properties()
        .forEach(file -> {
          if (!file.getKey().equals(CacheFiles.T_AUX)) {
            hashes.put(file.getKey(), file.getValue().get("sha256").stringValue());
          }
        });
    return hashes;
  }

  /** SHA-256 of each file in a directory but t_aux. */
  public static Map<String, String> hashesOf(Path dir) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (var files = Files.list(dir)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!name.equals(CacheFiles.T_AUX)) {
          hashes.put(name, sha256(Files.readAllBytes(file)));
        }
      }
    }
    return hashes;
  }

  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Resources.sha256().digest(bytes));
  }
}
