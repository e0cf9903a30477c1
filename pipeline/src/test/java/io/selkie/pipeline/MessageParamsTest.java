package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.ChainNode.NetworkTiming;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Goal: what is made of a sector's record for the chain equals, byte for byte, what lotus-miner
 * 1.36.2-dev sent for the same sector on a 2 KiB devnet (messages-2-and-3.json).
 */
final class MessageParamsTest {

  private static final NetworkTiming TIMING = new NetworkTiming(28, 4000, 10, 5, 6, 900);

  @Test
  void preCommit_ofARecordedSector_isTheRecordedMessage() throws IOException {
    for (int number : new int[] {2, 3}) {
      SectorRecord sector = recorded(number);
      ChainEpoch ticketEpoch = sector.ticket().orElseThrow().epoch();
      byte[] params =
          new PreCommitSectorBatch2Params(
                  List.of(
                      PreCommitStates.promise(
                          sector,
                          Expirations.choose(
                              sector, Duration.ofDays(540), TIMING, ticketEpoch.plus(900)))))
              .encode();
      assertThat(Base64.getEncoder().encodeToString(params))
          .isEqualTo(message(number, PreCommitSectorBatch2Params.METHOD));
    }
  }

  @Test
  void proveCommit_ofARecordedSector_isTheRecordedMessage() throws IOException {
    for (int number : new int[] {2, 3}) {
      SectorRecord sector = recorded(number);
      byte[] params =
          ProveCommitSectors3Params.ofProofs(
                  List.of(
                      new ProveCommitSectors3Params.Activation(
                          sector.sector().number(), CommitStates.manifest(sector))),
                  List.of(sector.commit().proof().orElseThrow().bytes()))
              .encode();
      assertThat(Base64.getEncoder().encodeToString(params))
          .isEqualTo(message(number, ProveCommitSectors3Params.METHOD));
    }
  }

  private static SectorRecord recorded(int number) throws IOException {
    JsonNode status = read("/sectors-status-" + number + ".json").get("result");
    List<SectorPiece> pieces = new ArrayList<>();
    status
        .get("Pieces")
        .forEach(piece -> pieces.add(WireJson.read(piece.toString(), SectorPiece.class)));
    SectorRecord.Drawn ticket =
        new SectorRecord.Drawn(
            new Randomness(
                Base64.getDecoder().decode(status.get("Ticket").get("Value").asString())),
            new ChainEpoch(status.get("Ticket").get("Epoch").asLong()));
    return SectorRecord.fresh(SectorId.of(1000, number), RegisteredSealProof.STACKED_DRG_2KIB_V1_1)
        .withPieces(pieces)
        .withTicket(ticket)
        .withPreCommit(
            new SectorRecord.PreCommit(
                Optional.empty(),
                Optional.of(cid(status, "CommD")),
                Optional.of(cid(status, "CommR")),
                Optional.empty(),
                List.of(),
                io.selkie.abi.TokenAmount.ZERO))
        .withCommit(
            new SectorRecord.Commit(
                Optional.empty(),
                Optional.of(
                    OpaqueBytes.of(Base64.getDecoder().decode(status.get("Proof").asString()))),
                Optional.empty()));
  }

  private static Cid cid(JsonNode status, String member) {
    return Cid.parse(status.get(member).get("/").asString());
  }

  private static String message(int number, long method) throws IOException {
    return read("/messages-2-and-3.json").get(number + "/" + method).asString();
  }

  private static JsonNode read(String name) throws IOException {
    try (InputStream in = MessageParamsTest.class.getResourceAsStream(name)) {
      return WireJson.parse(
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
