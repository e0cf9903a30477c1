package io.selkie.chain;

import static io.selkie.chain.DevnetFixture.MINER;
import static io.selkie.chain.DevnetFixture.activation;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ActorId;
import io.selkie.abi.Blake2b;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.ProveCommitSectors3Params.Notification;
import io.selkie.abi.ProveCommitSectors3Params.Piece;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.proofs.pieces.DataCommitment;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A miner as a whole: what is proven, what is due, and what it amounts to. */
class MinerListingTest {

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

  /** Sector 3 is proven with a verified deal, sector 4 is pre-committed. */
  private void oneProvenOneDue() throws Exception {
    PublishedDeal deal = publish(true);
    publish(false);
    net.preCommit(net.sector(3, Optional.of(COMM_D)), net.sector(4, Optional.empty()));
    net.awaitSeed(3);
    net.chain.step();
    Piece piece =
        new Piece(
            Cid.ofUnsealed(DATA.commP()),
            WHOLE,
            Optional.empty(),
            List.of(
                new Notification(
                    MarketActor.ADDRESS,
                    new DagCborWriter().integer(deal.id().value()).toByteArray())));
    net.prove(List.of(activation(3, piece)), List.of(net.proof(3, COMM_D)));
  }

  private PublishedDeal publish(boolean verified) throws Exception {
    return net.chain.publishDeal(
        new DealProposal(
            new ActorId(2000),
            MINER,
            DATA,
            verified,
            "label",
            new ChainEpoch(5000),
            new ChainEpoch(600_000),
            TokenAmount.ZERO));
  }

  @Test
  void listing_provenAndDueSectors_areApart() throws Exception {
    oneProvenOneDue();

    List<ProvenSector> sectors = net.chain.liveSectorsFrom(MINER, 0, 10);
    assertThat(sectors).hasSize(1);
    ProvenSector proven = sectors.getFirst();
    assertThat(proven.live()).isTrue();
    assertThat(proven.info())
        .isEqualTo(net.chain.sectorInfo(MINER, new SectorNumber(3)).orElseThrow());
    assertThat(proven.place())
        .isEqualTo(net.chain.sectorPlace(MINER, new SectorNumber(3)).orElseThrow());
    assertThat(proven.maxExpiration().value())
        .isEqualTo(proven.info().activation().value() + Policy.MAX_SECTOR_LIFETIME);
    assertThat(proven.maxExtendNow().value())
        .isEqualTo(net.chain.head().height().value() + Policy.MAX_SECTOR_EXPIRATION_EXTENSION);

    assertThat(net.chain.dueProofs(MINER))
        .singleElement()
        .satisfies(due -> {
          assertThat(due.info()).isEqualTo(net.preCommitOf(4));
          assertThat(due.due().value())
              .isEqualTo(
                  due.info().preCommitEpoch().value()
                      + Policy.maxProveCommitDuration(due.info().proof()));
        });
  }

  @Test
  void listing_endedSector_isNoLongerLiveNorPower() throws Exception {
    oneProvenOneDue();
    SectorOnChain sector = net.chain.sectorInfo(MINER, new SectorNumber(3)).orElseThrow();
    SectorTerms terms = net.chain.sectorTerms(MINER);
    assertThat(terms.size()).isEqualTo(1);
    assertThat(terms.find(3)).isZero();
    assertThat(terms.find(4)).isNegative();
    assertThat(terms.activation(0)).isEqualTo(sector.activation().value());
    assertThat(terms.expiration(0)).isEqualTo(sector.expiration().value());
    assertThat(terms.pledge(0)).isEqualTo(sector.initialPledge());
    assertThat(terms.head().height()).isEqualTo(net.chain.head().height().value());

    net.skipTo(sector.expiration().value() + Policy.PROVING_PERIOD);

    List<Boolean> live = new ArrayList<>();
    PeriodOnChain head = net.chain.eachSector(MINER, standing -> live.add(standing.live()));
    assertThat(live).containsExactly(false);
    assertThat(head).isEqualTo(net.chain.provingPeriod(MINER));
    assertThat(net.chain.liveSectorsFrom(MINER, 0, 10)).isEmpty();
    assertThat(net.chain.sectorTerms(MINER).size()).isZero();
    assertThat(net.chain.minerAccount(MINER).rawPower()).isZero();
    assertThat(net.chain.dueProofs(MINER)).isEmpty();
  }

  @Test
  void account_verifiedDeal_countsTenfold() throws Exception {
    oneProvenOneDue();

    MinerAccount account = net.chain.minerAccount(MINER);

    SectorOnChain sector = net.chain.sectorInfo(MINER, new SectorNumber(3)).orElseThrow();
    BigInteger life = BigInteger.valueOf(sector.expiration().value() - sector.activation().value());
    BigInteger verified = sector.verifiedDealWeight().atto().divide(life);
    assertThat(verified).isPositive();
    assertThat(account.rawPower()).isEqualTo(2048);
    assertThat(account.qualityPower()).isEqualTo(verified.longValueExact() * 9 + 2048);
    assertThat(account.totalRawPower()).isEqualTo(2048);
    assertThat(account.pledge()).isEqualTo(sector.initialPledge());
    assertThat(account.deposits()).isEqualTo(net.preCommitOf(4).deposit());
    assertThat(account.balance().minus(account.deposits()).minus(account.pledge()))
        .isEqualTo(net.chain.availableBalance(MINER));
    assertThat(account.activeDeals()).isEqualTo(new MinerAccount.DealTotal(1, 2048));
    assertThat(account.waitingDeals()).isEqualTo(new MinerAccount.DealTotal(1, 2048));
    assertThat(account.workerBalance().atto()).isPositive();
  }

  @Test
  void period_anyHeight_liesInItsOpenDeadline() throws Exception {
    PeriodOnChain period = net.chain.provingPeriod(MINER);

    assertThat(period.height()).isEqualTo(net.chain.head().height().value());
    assertThat(period.start()).isLessThanOrEqualTo(period.height());
    assertThat(period.height()).isBetween(period.open(), period.close() - 1);
    assertThat(period.open() - period.start()).isEqualTo(period.index() * 60L);
    assertThat(period.close() - period.open()).isEqualTo(60);
    assertThat(period.challenge()).isEqualTo(period.open() - 20);
    assertThat(period.faultCutoff()).isEqualTo(period.open() - 70);
    assertThat(period.headTime()).isAfter(java.time.Instant.EPOCH);
  }
}
