package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * The sector a benchmark seals, always the same one for a proof. Those of which the reference's
 * CommR is known are outputs of rust-fil-proofs, API 19.1.0, parameter generation v28.
 *
 * @param sector proof, number and ticket
 * @param seed the interactive randomness
 * @param dataKey what each piece's bytes are generated from, with its index behind a colon
 * @param pieces sizes of the pieces, which fill the sector
 * @param commR the reference's answer, if there is one
 */
record BenchmarkSector(
    SealSector sector,
    Randomness seed,
    String dataKey,
    List<PaddedPieceSize> pieces,
    Optional<Commitment> commR) {

  private static final Randomness FIXED =
      Randomness.ofHex("1ff5e4431e53c6139e0400ab05601b8daaa2191f8b4cdc8c0c57b508cc8b7031");

  static BenchmarkSector of(RegisteredSealProof proof) {
    return switch (proof) {
      case STACKED_DRG_2KIB_V1_1 ->
          new BenchmarkSector(
              new SealSector(proof, SectorId.of(1000, 1), FIXED),
              Randomness.ofHex("47dd2baa6fafa479eaa87d5e1e155925cba14aef8631556bd62dc8ed8af1a71f"),
              "piece:porep-2k-v1_1-a",
              sizes(2048),
              known("296848d8630a1f1475eba19210f55868ec98e2f3ddc48145f44f1ba3408b360a"));
      case STACKED_DRG_8MIB_V1_1 ->
          new BenchmarkSector(
              new SealSector(
                  proof,
                  SectorId.of(2048, 11),
                  Randomness.ofHex(
                      "ff8ec2dc9f74c34ac6e9331e0bae2d1a3bb7c718cc633d4545cc8643c68cd92f")),
              Randomness.ofHex("3573e50cf9f00cd50c499bc889c25373358193e0d1524fcf72faa980db56c70c"),
              "piece:porep-8m-v1_1-b",
              sizes(2L << 20, 1L << 20, 1L << 20, 4L << 20),
              known("df30359d95915f08984b04f63b940c3eb5e2b6fbf2413fe65a6816965a046555"));
      default ->
          new BenchmarkSector(
              new SealSector(proof, SectorId.of(1000, 1), FIXED),
              FIXED,
              "piece:benchmark",
              sizes(proof.sectorSize().bytes()),
              Optional.empty());
    };
  }

  private static List<PaddedPieceSize> sizes(long... bytes) {
    return java.util.Arrays.stream(bytes).mapToObj(PaddedPieceSize::new).toList();
  }

  private static Optional<Commitment> known(String hex) {
    return Optional.of(Commitment.ofHex(hex));
  }

  /** The client bytes of a piece. */
  InputStream data(int index) {
    return new KeyedStream(dataKey + ":" + index, pieces.get(index).unpadded().bytes());
  }
}
