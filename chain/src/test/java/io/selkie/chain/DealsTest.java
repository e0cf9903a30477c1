package io.selkie.chain;

import static io.selkie.chain.DevnetFixture.EXPIRATION;
import static io.selkie.chain.DevnetFixture.MINER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.Blake2b;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.DealId;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.ProveCommitSectors3Params.Activation;
import io.selkie.abi.ProveCommitSectors3Params.Allocation;
import io.selkie.abi.ProveCommitSectors3Params.Notification;
import io.selkie.abi.ProveCommitSectors3Params.Piece;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.DealOnChain;
import io.selkie.pipeline.ChainNode.MessageLookup;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.proofs.pieces.DataCommitment;
import io.selkie.proofs.pieces.ZeroPieces;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DealsTest {

  private static final ActorId CLIENT = new ActorId(2000);
  private static final PaddedPieceSize KIB = new PaddedPieceSize(1024);
  private static final PieceInfo DATA = new PieceInfo(KIB, commP(1));

  /** The piece, then zeros: a sector of 2 KiB. */
  private static final Commitment COMM_D =
      DataCommitment.ofPieces(
          SectorSize.KIB_2, List.of(DATA, new PieceInfo(KIB, ZeroPieces.commitment(KIB))));

  @TempDir Path directory;

  private DevnetFixture net;

  @BeforeEach
  void openChain() throws Exception {
    net = new DevnetFixture(directory);
  }

  @AfterEach
  void closeChain() throws Exception {
    net.close();
  }

  @Test
  void publishDeal_asItShouldBe_isOnChainAtOnceAndForGood() throws Exception {
    PublishedDeal published = net.chain.publishDeal(deal(false, 5000));
    assertThat(published.id().value()).isEqualTo(1);
    MessageLookup lookup = net.chain.searchMessage(published.publishMessage()).orElseThrow();
    assertThat(lookup.exitCode()).isZero();
    assertThat(lookup.tipSet()).isEqualTo(net.chain.head());
    assertThat(net.chain.publishDeal(deal(false, 5000)).id().value()).isEqualTo(2);
    net.close();
    net = new DevnetFixture(directory);
    DealOnChain deal = net.chain.deal(published.id()).orElseThrow();
    assertThat(deal.client()).isEqualTo(CLIENT);
    assertThat(deal.provider()).isEqualTo(MINER);
    assertThat(deal.piece()).isEqualTo(DATA);
    assertThat(deal.label()).isEqualTo("a label");
    assertThat(deal.startEpoch().value()).isEqualTo(5000);
    assertThat(deal.endEpoch().value()).isEqualTo(5000 + 518_400);
    assertThat(deal.activatedAt()).isEmpty();
    assertThat(net.chain.deal(new DealId(9))).isEmpty();
    assertThat(net.chain.deal(new DealId(0))).isEmpty();
  }

  @Test
  void publishDeal_outsideTheRules_isRefused() throws Exception {
    net.skipTo(100);
    assertThatThrownBy(() -> net.chain.publishDeal(deal(false, 100)))
        .isInstanceOf(ChainFault.class)
        .hasMessage("deal starts at 100, the head is at 100");
    assertThatThrownBy(() -> net.chain.publishDeal(proposal(DATA, 5000, 5000 + 518_399)))
        .hasMessage("deal of 518399 epochs, 518400 to 3680640 are allowed");
    assertThatThrownBy(() -> net.chain.publishDeal(proposal(DATA, 5000, Long.MIN_VALUE)))
        .isInstanceOf(ChainFault.class);
    PieceInfo big = new PieceInfo(new PaddedPieceSize(4096), commP(1));
    assertThatThrownBy(() -> net.chain.publishDeal(proposal(big, 5000, 600_000)))
        .hasMessage("piece of 4096 bytes for sectors of 2KiB");
  }

  @Test
  void proveCommit_ofItsSector_activatesTheDealAndWeighsThePiece() throws Exception {
    DealId id = net.chain.publishDeal(deal(false, 5000)).id();
    MessageLookup lookup = seal(1, piece(Optional.empty(), market(id)));
    assertThat(lookup.exitCode()).isZero();
    ChainEpoch now = lookup.tipSet().height();
    assertThat(net.chain.deal(id).orElseThrow().activatedAt()).contains(now);
    SectorOnChain sector = net.chain.sectorInfo(MINER, new SectorNumber(1)).orElseThrow();
    assertThat(sector.dealWeight()).isEqualTo(weight(1024, EXPIRATION - now.value()));
    assertThat(sector.verifiedDealWeight()).isEqualTo(TokenAmount.ZERO);
  }

  @Test
  void proveCommit_ofAVerifiedDeal_weighsItAsVerifiedAndPledgesMore() throws Exception {
    DealId id = net.chain.publishDeal(deal(true, 5000)).id();
    Optional<Allocation> claim = Optional.of(new Allocation(CLIENT, id.value()));
    assertThat(seal(1, piece(claim, market(id))).exitCode()).isZero();
    SectorOnChain sector = net.chain.sectorInfo(MINER, new SectorNumber(1)).orElseThrow();
    assertThat(sector.dealWeight()).isEqualTo(TokenAmount.ZERO);
    assertThat(sector.verifiedDealWeight())
        .isEqualTo(weight(1024, EXPIRATION - sector.activation().value()));
    assertThat(sector.initialPledge()).isEqualTo(TokenAmount.of(29_103_830L * (2048 + 9 * 1024)));
  }

  @Test
  void proveCommit_withAForeignClaim_isRefused() throws Exception {
    DealId plain = net.chain.publishDeal(deal(false, 5000)).id();
    DealId verified = net.chain.publishDeal(deal(true, 5000)).id();
    net.preCommit(net.sector(1, Optional.of(COMM_D)));
    net.awaitSeed(1);
    for (Allocation claim :
        List.of(
            new Allocation(CLIENT, plain.value()),
            new Allocation(new ActorId(7), verified.value()),
            new Allocation(CLIENT, 99),
            new Allocation(CLIENT, -1))) {
      assertThat(prove(1, piece(Optional.of(claim))).exitCode()).as("%s", claim).isEqualTo(16);
    }
    assertThat(net.chain.sectorInfo(MINER, new SectorNumber(1))).isEmpty();
  }

  @Test
  void proveCommit_withARefusedNotification_dependsOnWhatTheMessageRequires() throws Exception {
    net.chain.publishDeal(deal(false, 5000));
    Notification unknown = market(new DealId(77));
    net.preCommit(net.sector(1, Optional.of(COMM_D)));
    net.awaitSeed(1);
    byte[] strict =
        new ProveCommitSectors3Params(
                List.of(
                    new Activation(new SectorNumber(1), List.of(piece(Optional.empty(), unknown)))),
                List.of(net.proof(1, COMM_D)),
                new byte[0],
                OptionalLong.empty(),
                false,
                true)
            .encode();
    assertThat(net.execute(34, strict, TokenAmount.ZERO).exitCode()).isEqualTo(16);
    Notification elsewhere = new Notification(Address.ofId(6), new byte[] {1});
    Notification garbage = new Notification(MarketActor.ADDRESS, new byte[] {(byte) 0xff});
    assertThat(prove(1, piece(Optional.empty(), unknown, elsewhere, garbage)).exitCode()).isZero();
  }

  @Test
  void deal_thatIsActive_isNotActivatedAgain() throws Exception {
    DealId id = net.chain.publishDeal(deal(false, 5000)).id();
    seal(1, piece(Optional.empty(), market(id)));
    Optional<ChainEpoch> first = net.chain.deal(id).orElseThrow().activatedAt();
    assertThat(seal(2, piece(Optional.empty(), market(id))).exitCode()).isZero();
    assertThat(net.chain.deal(id).orElseThrow().activatedAt()).isEqualTo(first).isPresent();
  }

  @Test
  void deal_notStartedInTime_isGone() throws Exception {
    DealId late = net.chain.publishDeal(deal(false, 50)).id();
    DealId done = net.chain.publishDeal(deal(false, 5000)).id();
    seal(1, piece(Optional.empty(), market(done)));
    net.skipTo(50);
    assertThat(net.chain.deal(late)).isPresent();
    net.chain.step();
    assertThat(net.chain.deal(late)).isEmpty();
    net.skipTo(5000 + 518_399);
    assertThat(net.chain.deal(done)).isPresent();
    net.chain.step();
    assertThat(net.chain.deal(done)).isEmpty();
  }

  @Test
  void proveCommit_withOtherPiecesThanPreCommitted_isRefused() throws Exception {
    net.preCommit(net.sector(1, Optional.of(COMM_D)), net.sector(2, Optional.empty()));
    net.awaitSeed(1);
    Piece other = new Piece(Cid.ofUnsealed(commP(2)), KIB, Optional.empty(), List.of());
    Piece zero =
        new Piece(Cid.ofUnsealed(new Commitment(new byte[32])), KIB, Optional.empty(), List.of());
    Piece sealed = new Piece(Cid.ofSealed(commP(1)), KIB, Optional.empty(), List.of());
    Piece big =
        new Piece(
            Cid.ofUnsealed(commP(1)), new PaddedPieceSize(1L << 62), Optional.empty(), List.of());
    Piece good = piece(Optional.empty());
    for (List<Piece> wrong :
        List.of(
            List.<Piece>of(),
            List.of(other),
            List.of(zero),
            List.of(sealed),
            List.of(big),
            List.of(good, good),
            List.of(good, good, good),
            List.of(good, big, big))) {
      MessageLookup lookup =
          net.prove(
              List.of(new Activation(new SectorNumber(1), wrong)), List.of(net.proof(1, COMM_D)));
      assertThat(lookup.exitCode()).as("%s", wrong).isEqualTo(16);
    }
    assertThat(prove(2, good).exitCode()).as("pieces in an empty sector").isEqualTo(16);
    assertThat(prove(1, good).exitCode()).isZero();
  }

  private MessageLookup seal(long number, Piece piece) throws ChainFault {
    assertThat(net.preCommit(net.sector(number, Optional.of(COMM_D))).exitCode()).isZero();
    net.awaitSeed(number);
    return prove(number, piece);
  }

  private MessageLookup prove(long number, Piece piece) throws ChainFault {
    return net.prove(
        List.of(DevnetFixture.activation(number, piece)), List.of(net.proof(number, COMM_D)));
  }

  private static Piece piece(Optional<Allocation> allocation, Notification... notifications) {
    return new Piece(Cid.ofUnsealed(DATA.commP()), KIB, allocation, List.of(notifications));
  }

  private static Notification market(DealId id) {
    return new Notification(
        MarketActor.ADDRESS, new DagCborWriter().integer(id.value()).toByteArray());
  }

  private static DealProposal deal(boolean verified, long start) {
    return new DealProposal(
        CLIENT,
        MINER,
        DATA,
        verified,
        "a label",
        new ChainEpoch(start),
        new ChainEpoch(start + 518_400),
        TokenAmount.of(3));
  }

  private static DealProposal proposal(PieceInfo piece, long start, long end) {
    return new DealProposal(
        CLIENT,
        MINER,
        piece,
        false,
        "",
        new ChainEpoch(start),
        new ChainEpoch(end),
        TokenAmount.ZERO);
  }

  private static Commitment commP(int seed) {
    byte[] bytes = Blake2b.digest256(new byte[] {(byte) seed});
    bytes[31] &= 0x3f;
    return new Commitment(bytes);
  }

  private static TokenAmount weight(long bytes, long epochs) {
    return new TokenAmount(BigInteger.valueOf(bytes).multiply(BigInteger.valueOf(epochs)));
  }
}
