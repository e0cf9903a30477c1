package io.selkie.chain;

import static io.selkie.chain.DevnetFixture.MINER;
import static io.selkie.chain.DevnetFixture.activation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.Blake2b;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params.Notification;
import io.selkie.abi.ProveCommitSectors3Params.Piece;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.MessageLookup;
import io.selkie.proofs.pieces.DataCommitment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chain still knows when the miner has forgotten everything. */
class ChainHistoryTest {

  private static final PaddedPieceSize WHOLE = new PaddedPieceSize(2048);
  private static final PieceInfo DATA = new PieceInfo(WHOLE, commP());
  private static final Commitment COMM_D = DataCommitment.ofPieces(SectorSize.KIB_2, List.of(DATA));

  @TempDir Path directory;

  private DevnetFixture net;

  @BeforeEach
  void openChain() throws Exception {
    net = new DevnetFixture(directory.resolve("chain"));
    net.skipTo(1000);
  }

  @AfterEach
  void closeChain() throws Exception {
    net.close();
  }

  private static Commitment commP() {
    byte[] digest = Blake2b.digest256(new byte[] {9});
    digest[31] &= 0x3f;
    return new Commitment(digest);
  }

  @Test
  void histories_ofASectorWithADeal_keepWhatTheMinerActorForgets() throws Exception {
    PublishedDeal deal =
        net.chain.publishDeal(
            new DealProposal(
                new ActorId(2000),
                MINER,
                DATA,
                false,
                "label",
                new ChainEpoch(5000),
                new ChainEpoch(600_000),
                TokenAmount.ZERO));
    PreCommitSectorBatch2Params.Sector promised = net.sector(3, Optional.of(COMM_D));
    MessageLookup preCommit = net.preCommit(promised, net.sector(4, Optional.empty()));
    net.awaitSeed(3);
    net.chain.step();
    byte[] proof = net.proof(3, COMM_D);
    Piece piece =
        new Piece(
            Cid.ofUnsealed(DATA.commP()),
            WHOLE,
            Optional.empty(),
            List.of(
                new Notification(
                    MarketActor.ADDRESS,
                    new DagCborWriter().integer(deal.id().value()).toByteArray())));
    MessageLookup proven = net.prove(List.of(activation(3, piece)), List.of(proof));
    assertThat(net.chain.sectorInfo(MINER, new SectorNumber(3))).isPresent();

    SortedMap<SectorNumber, SectorHistory> all = net.chain.sectorHistories(MINER);

    assertThat(all).containsOnlyKeys(new SectorNumber(3), new SectorNumber(4));
    SectorHistory history = Objects.requireNonNull(all.get(new SectorNumber(3)));
    assertThat(history.preCommit())
        .contains(
            new SectorHistory.PreCommitted(
                preCommit.message(),
                preCommit.tipSet().cids(),
                preCommit.tipSet().height(),
                promised));
    assertThat(history.proven().orElseThrow().message()).isEqualTo(proven.message());
    assertThat(history.proven().orElseThrow().pieces())
        .extracting(Piece::cid)
        .containsExactly(piece.cid());
    assertThat(net.chain.proofIn(proven.message(), new SectorNumber(3)).orElseThrow())
        .isEqualTo(proof);
    assertThat(net.chain.proofIn(proven.message(), new SectorNumber(4))).isEmpty();
    assertThat(net.chain.proofIn(preCommit.message(), new SectorNumber(3))).isEmpty();
    assertThat(Objects.requireNonNull(all.get(new SectorNumber(4))).proven()).isEmpty();
    assertThat(net.chain.dealsOf(MINER))
        .containsExactly(
            new ProviderDeal(
                net.chain.deal(deal.id()).orElseThrow(),
                deal.publishMessage(),
                Optional.of(new SectorNumber(3))));
  }

  @Test
  void copy_ofARunningChain_isWholeAndGoesOnFromThere() throws Exception {
    net.preCommit(net.sector(3, Optional.empty()));
    Path copy = directory.resolve("copy/" + ChainFile.NAME);
    Files.createDirectories(directory.resolve("copy"));

    net.chain.copyTo(copy);
    ChainEpoch head = net.chain.head().height();
    net.chain.step();

    ChainFile.verify(copy);
    try (Devnet again = DevnetFixture.open(directory.resolve("copy"))) {
      assertThat(again.head().height()).isEqualTo(head);
      assertThat(again.preCommitInfo(MINER, new SectorNumber(3))).isPresent();
      again.step();
    }
    assertThatThrownBy(() -> net.chain.copyTo(copy))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(copy.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"half", "flipped", "garbage", "empty", "missing"})
  void verify_ofADamagedCopy_namesIt(String damage) throws Exception {
    Path copy = directory.resolve("copy.sqlite");
    net.chain.copyTo(copy);
    byte[] whole = Files.readAllBytes(copy);
    byte[] damaged =
        switch (damage) {
          case "half" -> Arrays.copyOf(whole, whole.length / 2);
          case "garbage" -> new byte[] {1, 2, 3};
          case "flipped" -> {
            byte[] changed = whole.clone();
            Arrays.fill(changed, 100, 4096, (byte) 0xa5);
            yield changed;
          }
          default -> new byte[0];
        };
    Files.write(copy, damaged);
    if (damage.equals("missing")) {
      Files.delete(copy);
    }

    assertThatThrownBy(() -> ChainFile.verify(copy))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(copy.toString());
  }
}
