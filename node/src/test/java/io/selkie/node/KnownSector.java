package io.selkie.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A 2 KiB sector whose answer is known, and the commands about it. */
public final class KnownSector {

  static final JsonNode ANSWER = resource("sealed-2k.json");

  private final Path root;

  public KnownSector(Path root) {
    this.root = root;
  }

  static JsonNode resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(KnownSector.class.getResourceAsStream(name), name)) {
      return JsonMapper.builder().build().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String text(String member) {
    return ANSWER.get(member).asString();
  }

  /** The sector's client bytes. */
  static byte[] data() {
    byte[] all = new byte[2032];
    int at = 0;
    for (JsonNode piece : ANSWER.get("pieces")) {
      byte[] bytes = piece(piece);
      System.arraycopy(bytes, 0, all, at, bytes.length);
      at += bytes.length;
    }
    return all;
  }

  private static byte[] piece(JsonNode piece) {
    return KeyedBytes.of(piece.get("data_key").asString(), piece.get("unpadded_size").asInt());
  }

  public List<Path> pieceFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    for (JsonNode piece : ANSWER.get("pieces")) {
      Path file = root.resolve("piece-" + files.size());
      Files.write(file, piece(piece));
      files.add(file);
    }
    return files;
  }

  /** Seals the pieces into {@code out}. */
  public CommandRun seal(Path out) throws IOException {
    return seal(out, text("ticket"), text("seed"), pieceFiles());
  }

  public CommandRun seal(Path out, String ticket, String seed, List<Path> pieces) {
    List<Object> line =
        new ArrayList<>(
            List.of("proofs", "seal", "--json", "--threads", 2, "--parents-cache", parents()));
    line.addAll(List.of("--proof-type", ANSWER.get("registered_seal_proof").asInt()));
    line.addAll(List.of("--miner", ANSWER.get("miner").asLong()));
    line.addAll(List.of("--sector", ANSWER.get("sector_number").asLong()));
    line.addAll(List.of("--ticket", ticket, "--seed", seed, "--out", out));
    pieces.forEach(each -> line.addAll(List.of("--piece", each)));
    return CommandRun.of(line.toArray());
  }

  CommandRun verify(Path directory) {
    return CommandRun.of("proofs", "verify", "--json", "--dir", directory);
  }

  CommandRun prove(Path directory, String seed) {
    return CommandRun.of(
        "proofs",
        "prove",
        "--json",
        "--parents-cache",
        parents(),
        "--dir",
        directory,
        "--seed",
        seed);
  }

  CommandRun unseal(Path directory, Path to, Object... range) {
    List<Object> line =
        new ArrayList<>(List.of("proofs", "unseal", "--json", "--parents-cache", parents()));
    line.addAll(List.of("--dir", directory, "--to", to));
    line.addAll(List.of(range));
    return CommandRun.of(line.toArray());
  }

  private Path parents() {
    return root.resolve("parents");
  }
}
