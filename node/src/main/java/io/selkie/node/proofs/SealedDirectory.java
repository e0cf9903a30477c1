package io.selkie.node.proofs;

import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.proofs.file.PendingFile;
import io.selkie.proofs.hashers.Poseidon;
import io.selkie.proofs.pieces.DataCommitment;
import io.selkie.proofs.seal.PreCommit2Output;
import io.selkie.proofs.seal.SealSector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
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
      JsonMapper.builder()
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** A sector of many small pieces has some 130 bytes for each. */
  private static final long MAX_DESCRIPTION_BYTES = 256L << 20;

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

  /**
   * Refuses a directory in which sealing would overwrite a sector, whole or begun.
   *
   * @throws IOException naming the file that is there
   */
  static void requireUnused(Path directory) throws IOException {
    List<Path> own =
        List.of(
            description(directory),
            commit1(directory),
            sealed(directory),
            unsealed(directory),
            cache(directory));
    for (Path each : own) {
      if (Files.exists(each, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(
            "--out " + directory + " holds a sector already (" + each + "); choose another");
      }
    }
  }

  /** Whether the file is one of the sector's. */
  static boolean owns(Path directory, Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null || !Files.exists(parent)) {
      return false;
    }
    Path real = parent.toRealPath().resolve(file.toAbsolutePath().getFileName());
    Path root = directory.toRealPath();
    return real.startsWith(cache(root))
        || List.of(description(root), commit1(root), sealed(root), unsealed(root)).contains(real);
  }

  /**
   * Reads the description.
   *
   * @throws IOException if it is missing or is not what {@code proofs seal} writes
   */
  static SealedDirectory open(Path directory) throws IOException {
    Path file = description(directory);
    if (Files.size(file) > MAX_DESCRIPTION_BYTES) {
      throw new IOException(
          file + " has " + Files.size(file) + " bytes, over the limit of " + MAX_DESCRIPTION_BYTES);
    }
    byte[] bytes = Files.readAllBytes(file);
    try {
      Description description = JSON.readValue(bytes, Description.class);
      requireConsistent(description);
      return new SealedDirectory(directory, description);
    } catch (IllegalArgumentException damaged) {
      throw new IOException(
          file + " is not a sector description: " + damaged.getMessage(), damaged);
    } catch (JacksonException damaged) {
      throw new IOException(
          file + " is not a sector description: " + damaged.getOriginalMessage(), damaged);
    }
  }

  /** The commitments follow from one another, so that a changed digit shows. */
  private static void requireConsistent(Description said) {
    Randomness.ofHex(said.seed);
    PreCommit2Output commitments = said.preCommit2();
    Commitment ofPieces =
        DataCommitment.ofPieces(said.sealSector().proof().sectorSize(), said.pieceInfos());
    if (!ofPieces.equals(commitments.commD())) {
      throw new IllegalArgumentException(
          "its pieces have CommD " + ofPieces + ", not " + commitments.commD());
    }
    Commitment commR =
        new Commitment(
            Poseidon.ofArity(2).hash(commitments.commC().bytes(), commitments.commRLast().bytes()));
    if (!commR.equals(commitments.commR())) {
      throw new IllegalArgumentException(
          "CommC and CommRLast have CommR " + commR + ", not " + commitments.commR());
    }
  }

  /** Writes the description beside its place and moves it there. */
  void save() throws IOException {
    Path file = description(directory);
    PendingFile.writeWhole(
        file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(description));
  }
}
