package io.selkie.node;

import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.proofs.seal.PreCommit2Output;
import io.selkie.proofs.seal.SealSector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code proofs seal} leaves in a directory: {@code unsealed}, {@code sealed}, {@code cache/},
 * {@code c1.json} and {@code sector.json}, in which the parameters are kept so that proving,
 * verifying and unsealing need the directory alone.
 *
 * @param directory the directory of {@code --out}
 * @param description the content of {@code sector.json}
 */
record SealedDirectory(Path directory, Description description) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** A piece in {@code sector.json}. */
  record Piece(long paddedSize, String commP) {}

  /** The content of {@code sector.json}; hex is lower case. */
  record Description(
      int proofType,
      long miner,
      long sector,
      String ticket,
      String seed,
      String commD,
      String commR,
      String commC,
      String commRLast,
      List<Piece> pieces) {

    SealSector sealSector() {
      return new SealSector(
          RegisteredSealProof.ofNumber(proofType),
          SectorId.of(miner, sector),
          Randomness.ofHex(ticket));
    }

    PreCommit2Output preCommit2() {
      return new PreCommit2Output(
          RegisteredSealProof.ofNumber(proofType),
          Commitment.ofHex(commR),
          Commitment.ofHex(commD),
          Commitment.ofHex(commC),
          Commitment.ofHex(commRLast));
    }

    List<PieceInfo> pieceInfos() {
      return pieces.stream()
          .map(each ->
              new PieceInfo(new PaddedPieceSize(each.paddedSize), Commitment.ofHex(each.commP)))
          .toList();
    }

    Description withSeed(String newSeed) {
      return new Description(
          proofType, miner, sector, ticket, newSeed, commD, commR, commC, commRLast, pieces);
    }
  }

  static Path unsealed(Path directory) {
    return directory.resolve("unsealed");
  }

  static Path sealed(Path directory) {
    return directory.resolve("sealed");
  }

  static Path cache(Path directory) {
    return directory.resolve("cache");
  }

  static Path commit1(Path directory) {
    return directory.resolve("c1.json");
  }

  private static Path description(Path directory) {
    return directory.resolve("sector.json");
  }

  static boolean isDescribed(Path directory) {
    return Files.exists(description(directory));
  }

  /**
   * Reads the description.
   *
   * @throws IOException if it is missing or is not what {@code proofs seal} writes
   */
  static SealedDirectory open(Path directory) throws IOException {
    Path file = description(directory);
    byte[] bytes = Files.readAllBytes(file);
    try {
      return new SealedDirectory(directory, JSON.readValue(bytes, Description.class));
    } catch (JacksonException damaged) {
      throw new IOException(
          file + " is not a sector description: " + damaged.getOriginalMessage(), damaged);
    }
  }

  /** Writes the description beside its place and moves it there. */
  void save() throws IOException {
    Path file = description(directory);
    Path temporary = file.resolveSibling("sector.json.tmp");
    Files.write(temporary, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(description));
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
