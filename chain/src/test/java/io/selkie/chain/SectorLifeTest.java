package io.selkie.chain;

import static io.selkie.chain.DevnetFixture.EXPIRATION;
import static io.selkie.chain.DevnetFixture.MINER;
import static io.selkie.chain.DevnetFixture.activation;
import static io.selkie.chain.DevnetFixture.commR;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ActorId;
import io.selkie.abi.BatchReturn;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.PreCommitSectorBatch2Params.Sector;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.MessageLookup;
import io.selkie.pipeline.ChainNode.OutMessage;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.ChainNode.SectorPlace;
import io.selkie.proofs.pieces.ZeroPieces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SectorLifeTest {

  private static final Commitment ZEROS = ZeroPieces.commitment(SectorSize.KIB_2.padded());
  private static final SectorNumber ONE = new SectorNumber(1);

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
  void preCommit_asItShouldBe_allocatesTheNumberAndTakesTheDeposit() throws Exception {
    TokenAmount before = net.chain.availableBalance(MINER);
    MessageLookup lookup = net.preCommit(net.sector(1, Optional.empty()));
    assertThat(lookup.exitCode()).isZero();
    PreCommitOnChain info = net.preCommitOf(1);
    assertThat(info.preCommitEpoch()).isEqualTo(lookup.tipSet().height());
    assertThat(info.sealedCid()).isEqualTo(Cid.ofSealed(commR(1)));
    assertThat(info.sealRandEpoch().value()).isEqualTo(-900);
    assertThat(info.expiration().value()).isEqualTo(EXPIRATION);
    assertThat(info.unsealedCid()).isEmpty();
    assertThat(info.deposit()).isEqualTo(TokenAmount.of(953_654_927_360L));
    assertThat(net.chain.availableBalance(MINER)).isEqualTo(before.minus(info.deposit()));
    assertThat(net.chain.isSectorAllocated(MINER, ONE)).isTrue();
    assertThat(net.chain.isSectorAllocated(MINER, new SectorNumber(2))).isFalse();
    assertThat(net.chain.allocatedSectors(MINER)).containsExactly(new long[] {1, 1});
    assertThat(net.chain.sectorInfo(MINER, ONE)).isEmpty();
    assertThat(net.chain.preCommitDeposit(MINER, DevnetFixture.PROOF, new ChainEpoch(EXPIRATION)))
        .isEqualTo(TokenAmount.of(1_049_020_420_096L));
  }

  @Test
  void preCommit_outsideTheRules_exitsWith16AndAllocatesNothing() throws Exception {
    net.skipTo(5000);
    Sector good = net.sector(1, Optional.of(ZEROS));
    long now = 5001;
    long earliest = now + 86_550 + 518_400;
    refused(with(good, DevnetFixture.PROOF, 4000, earliest - 1));
    for (RegisteredSealProof type :
        List.of(
            RegisteredSealProof.STACKED_DRG_2KIB_V1,
            RegisteredSealProof.STACKED_DRG_2KIB_V1_2_NON_INTERACTIVE,
            RegisteredSealProof.STACKED_DRG_8MIB_V1_1)) {
      refused(with(good, type, 4000, EXPIRATION));
    }
    refused(with(good, DevnetFixture.PROOF, 6000, EXPIRATION));
    refused(with(good, DevnetFixture.PROOF, 1000, EXPIRATION));
    refused(with(good, DevnetFixture.PROOF, 4000, 10_000));
    refused(with(good, DevnetFixture.PROOF, 4000, now + 3_680_640 + 100));
    refused(with(good, DevnetFixture.PROOF, 4000, Long.MIN_VALUE));
    refused(with(good, DevnetFixture.PROOF, Long.MIN_VALUE, EXPIRATION));
    refused(withCids(good, Cid.ofUnsealed(ZEROS), good.unsealedCid()));
    refused(withCids(good, good.sealedCid(), Optional.of(Cid.ofSealed(ZEROS))));
    refused(withCids(good, Cid.ofDagCbor(new byte[1]), good.unsealedCid()));
    assertThat(net.preCommit(good, good).exitCode()).isEqualTo(16);
    assertThat(net.preCommit().exitCode()).isEqualTo(16);
    assertThat(net.chain.allocatedSectors(MINER)).isEmpty();
    assertThat(net.preCommit(good).exitCode()).isZero();
    assertThat(net.preCommit(good).exitCode()).isEqualTo(16);
    assertThat(net.preCommit(net.sector(2, Optional.empty()), good).exitCode()).isEqualTo(16);
    assertThat(net.chain.isSectorAllocated(MINER, new SectorNumber(2))).isFalse();
  }

  private void refused(Sector sector) throws ChainFault {
    assertThat(net.preCommit(sector).exitCode()).as("%s", sector).isEqualTo(16);
    assertThat(net.chain.allocatedSectors(MINER)).isEmpty();
  }

  @Test
  void preCommit_atTheLimits_isTaken() throws Exception {
    net.skipTo(5000);
    Sector good = net.sector(1, Optional.empty());
    long now = 5001;
    long earliest = now + 86_550 + 518_400;
    assertThat(net.preCommit(with(good, DevnetFixture.PROOF, now - 3780, earliest)).exitCode())
        .isZero();
    Sector second = net.sector(2, Optional.empty());
    Sector latest = with(second, DevnetFixture.PROOF, 5001, 5002 + 3_680_640);
    assertThat(net.preCommit(latest).exitCode()).isZero();
  }

  @Test
  void preCommit_withoutFundsForTheDeposit_exitsWith19() throws Exception {
    try (DevnetFixture big = new DevnetFixture(DevnetFixture.open(directory.resolve("other")))) {
      ActorId miner = new ActorId(1001);
      big.chain.ensureMiner(miner, SectorSize.GIB_32);
      Sector[] sectors = new Sector[70];
      for (int i = 0; i < sectors.length; i++) {
        sectors[i] =
            with(
                big.sector(i, Optional.empty()),
                RegisteredSealProof.STACKED_DRG_32GIB_V1_1,
                -10,
                EXPIRATION);
      }
      Cid cid =
          big.chain.push(
              new OutMessage(
                  miner,
                  28,
                  new PreCommitSectorBatch2Params(List.of(sectors)).encode(),
                  TokenAmount.ZERO),
              "big");
      big.chain.step();
      assertThat(big.chain.searchMessage(cid).orElseThrow().exitCode()).isEqualTo(19);
      assertThat(big.chain.allocatedSectors(miner)).isEmpty();
    }
  }

  @Test
  void proveCommit_withTheProofWanted_activatesTheSector() throws Exception {
    TokenAmount before = net.chain.availableBalance(MINER);
    net.preCommit(net.sector(1, Optional.empty()));
    net.awaitSeed(1);
    MessageLookup lookup = net.prove(List.of(activation(1)), List.of(net.proof(1, ZEROS)));
    assertThat(lookup.exitCode()).isZero();
    assertThat(BatchReturn.decode(lookup.returnValue())).isEqualTo(new BatchReturn(1, List.of()));
    SectorOnChain info = net.chain.sectorInfo(MINER, ONE).orElseThrow();
    assertThat(info.activation()).isEqualTo(lookup.tipSet().height());
    assertThat(info.expiration().value()).isEqualTo(EXPIRATION);
    assertThat(info.sealedCid()).isEqualTo(Cid.ofSealed(commR(1)));
    assertThat(info.dealWeight()).isEqualTo(TokenAmount.ZERO);
    assertThat(info.initialPledge()).isEqualTo(TokenAmount.of(59_604_643_840L));
    assertThat(net.chain.preCommitInfo(MINER, ONE)).isEmpty();
    assertThat(net.chain.isSectorAllocated(MINER, ONE)).isTrue();
    assertThat(net.chain.availableBalance(MINER)).isEqualTo(before.minus(info.initialPledge()));
    assertThat(net.chain.sectorPlace(MINER, ONE)).contains(new SectorPlace(0, 0));
    assertThat(net.chain.initialPledge(MINER, SectorSize.KIB_2, 1000, 0))
        .isEqualTo(TokenAmount.of(65_565_108_224L));
  }

  @Test
  void proveCommit_ofSeveralSectors_fillsPartitionsOfTwo() throws Exception {
    for (int i = 1; i <= 5; i++) {
      net.preCommit(net.sector(i, Optional.empty()));
    }
    net.awaitSeed(5);
    for (int i = 1; i <= 5; i++) {
      net.prove(List.of(activation(i)), List.of(net.proof(i, ZEROS)));
    }
    assertThat(places(1, 2, 3, 4, 5))
        .containsExactly(
            new SectorPlace(0, 0),
            new SectorPlace(0, 0),
            new SectorPlace(1, 0),
            new SectorPlace(1, 0),
            new SectorPlace(2, 0));
  }

  private List<SectorPlace> places(long... numbers) throws ChainFault {
    List<SectorPlace> places = new ArrayList<>();
    for (long number : numbers) {
      places.add(net.chain.sectorPlace(MINER, new SectorNumber(number)).orElseThrow());
    }
    return places;
  }

  @Test
  void proveCommit_withAnotherProof_isRefusedAndMayBeRepeated() throws Exception {
    net.preCommit(net.sector(1, Optional.empty()));
    net.preCommit(net.sector(2, Optional.empty()));
    net.awaitSeed(2);
    byte[] good = net.proof(1, ZEROS);
    byte[] flipped = good.clone();
    flipped[7] ^= 1;
    for (byte[] bad : List.of(flipped, new byte[0], net.proof(2, ZEROS), net.proof(1, commR(9)))) {
      MessageLookup lookup = net.prove(List.of(activation(1)), List.of(bad));
      assertThat(lookup.exitCode()).isEqualTo(16);
      assertThat(net.chain.failureReason(lookup.message()).orElseThrow())
          .contains("invalid seal: not the expected hash");
    }
    assertThat(net.chain.sectorInfo(MINER, ONE)).isEmpty();
    assertThat(net.prove(List.of(activation(1)), List.of(good)).exitCode()).isZero();
    assertThat(net.prove(List.of(activation(1)), List.of(good)).exitCode()).isEqualTo(16);
  }

  @Test
  void proveCommit_beforeTheSeed_isTooEarly() throws Exception {
    net.preCommit(net.sector(1, Optional.empty()));
    net.skipTo(net.seedEpoch(1) - 1);
    MessageLookup early = net.prove(List.of(activation(1)), List.of(new byte[1]));
    assertThat(early.tipSet().height().value()).isEqualTo(net.seedEpoch(1));
    assertThat(net.chain.failureReason(early.message()).orElseThrow()).contains("too early");
    assertThat(net.prove(List.of(activation(1)), List.of(net.proof(1, ZEROS))).exitCode()).isZero();
  }

  @Test
  void proveCommit_afterTheDeadline_findsThePreCommitGone() throws Exception {
    TokenAmount before = net.chain.availableBalance(MINER);
    net.preCommit(net.sector(1, Optional.empty()));
    net.awaitSeed(1);
    byte[] proof = net.proof(1, ZEROS);
    PreCommitOnChain info = net.preCommitOf(1);
    long due = info.preCommitEpoch().value() + 86_550;
    net.skipTo(due);
    assertThat(net.chain.preCommitInfo(MINER, ONE)).isPresent();
    MessageLookup late = net.prove(List.of(activation(1)), List.of(proof));
    assertThat(late.exitCode()).isEqualTo(16);
    assertThat(net.chain.failureReason(late.message()).orElseThrow()).contains("too late");
    assertThat(net.chain.preCommitInfo(MINER, ONE)).isEmpty();
    assertThat(net.chain.isSectorAllocated(MINER, ONE)).isTrue();
    assertThat(net.chain.availableBalance(MINER)).isEqualTo(before.minus(info.deposit()));
    assertThat(net.preCommit(net.sector(1, Optional.empty())).exitCode()).isEqualTo(16);
  }

  @Test
  void proveCommit_atTheDeadline_isTaken() throws Exception {
    net.preCommit(net.sector(1, Optional.empty()));
    net.awaitSeed(1);
    byte[] proof = net.proof(1, ZEROS);
    net.skipTo(net.preCommitOf(1).preCommitEpoch().value() + 86_549);
    assertThat(net.prove(List.of(activation(1)), List.of(proof)).exitCode()).isZero();
  }

  @Test
  void proveCommit_ofGoodAndBad_activatesTheGoodAndNamesTheBad() throws Exception {
    net.preCommit(net.sector(1, Optional.empty()), net.sector(2, Optional.empty()));
    net.awaitSeed(1);
    MessageLookup lookup =
        net.prove(
            List.of(activation(7), activation(1), activation(2)),
            List.of(new byte[1], net.proof(1, ZEROS), new byte[1]));
    assertThat(lookup.exitCode()).isZero();
    assertThat(BatchReturn.decode(lookup.returnValue()))
        .isEqualTo(
            new BatchReturn(
                1, List.of(new BatchReturn.Failure(0, 17), new BatchReturn.Failure(2, 16))));
    assertThat(net.chain.sectorInfo(MINER, ONE)).isPresent();
    assertThat(net.chain.preCommitInfo(MINER, new SectorNumber(2))).isPresent();
  }

  @Test
  void proveCommit_requiringSuccess_failsAsAWhole() throws Exception {
    net.preCommit(net.sector(1, Optional.empty()), net.sector(2, Optional.empty()));
    net.awaitSeed(1);
    byte[] params =
        new ProveCommitSectors3Params(
                List.of(activation(1), activation(2)),
                List.of(net.proof(1, ZEROS), new byte[1]),
                new byte[0],
                OptionalLong.empty(),
                true,
                false)
            .encode();
    assertThat(net.execute(34, params, TokenAmount.ZERO).exitCode()).isEqualTo(16);
    assertThat(net.chain.sectorInfo(MINER, ONE)).isEmpty();
    assertThat(net.chain.preCommitInfo(MINER, ONE)).isPresent();
  }

  @Test
  void proveCommit_ofMalformedBatches_exitsWith16() throws Exception {
    net.preCommit(net.sector(1, Optional.empty()));
    net.awaitSeed(1);
    byte[] proof = net.proof(1, ZEROS);
    assertThat(net.prove(List.of(), List.of()).exitCode()).isEqualTo(16);
    assertThat(net.prove(List.of(activation(1)), List.of()).exitCode()).isEqualTo(16);
    assertThat(net.prove(List.of(activation(1), activation(1)), List.of(proof, proof)).exitCode())
        .isEqualTo(16);
    byte[] aggregate =
        new ProveCommitSectors3Params(
                List.of(activation(1)), List.of(), proof, OptionalLong.of(1), false, false)
            .encode();
    assertThat(net.execute(34, aggregate, TokenAmount.ZERO).exitCode()).isEqualTo(16);
  }

  @Test
  void sector_atItsExpiration_endsWithItsDeadlineAndFreesThePledge() throws Exception {
    TokenAmount before = net.chain.availableBalance(MINER);
    net.preCommit(net.sector(1, Optional.empty()));
    net.awaitSeed(1);
    net.prove(List.of(activation(1)), List.of(net.proof(1, ZEROS)));
    long onTime = net.chain.sectorExpiration(MINER, ONE).orElseThrow().onTime().value();
    assertThat(onTime).isBetween(EXPIRATION, EXPIRATION + 2879);
    assertThat((onTime - (658 + 59)) % 2880).isZero();
    net.skipTo(onTime - 1);
    assertThat(net.chain.sectorInfo(MINER, ONE)).isPresent();
    net.chain.step();
    assertThat(net.chain.sectorInfo(MINER, ONE)).isEmpty();
    assertThat(net.chain.sectorPlace(MINER, ONE)).isEmpty();
    assertThat(net.chain.sectorExpiration(MINER, ONE)).isEmpty();
    assertThat(net.chain.isSectorAllocated(MINER, ONE)).isTrue();
    assertThat(net.chain.availableBalance(MINER)).isEqualTo(before);
  }

  @Test
  void sector_afterReopening_isStillThere() throws Exception {
    net.preCommit(net.sector(1, Optional.of(ZEROS)), net.sector(2, Optional.empty()));
    net.awaitSeed(1);
    net.prove(List.of(activation(1)), List.of(net.proof(1, ZEROS)));
    Optional<SectorOnChain> sector = net.chain.sectorInfo(MINER, ONE);
    PreCommitOnChain waiting = net.preCommitOf(2);
    net.close();
    net = new DevnetFixture(DevnetFixture.open(directory), "reopened ");
    assertThat(net.chain.sectorInfo(MINER, ONE)).isEqualTo(sector).isPresent();
    assertThat(net.preCommitOf(2)).isEqualTo(waiting);
    assertThat(net.prove(List.of(activation(2)), List.of(net.proof(2, ZEROS))).exitCode()).isZero();
    assertThat(net.chain.sectorInfo(MINER, new SectorNumber(2))).isPresent();
  }

  private static Sector with(
      Sector sector, RegisteredSealProof proof, long sealRandEpoch, long expiration) {
    return new Sector(
        proof,
        sector.number(),
        sector.sealedCid(),
        new ChainEpoch(sealRandEpoch),
        new ChainEpoch(expiration),
        sector.unsealedCid());
  }

  private static Sector withCids(Sector sector, Cid sealed, Optional<Cid> unsealed) {
    return new Sector(
        sector.sealProof(),
        sector.number(),
        sealed,
        sector.sealRandEpoch(),
        sector.expiration(),
        unsealed);
  }
}
