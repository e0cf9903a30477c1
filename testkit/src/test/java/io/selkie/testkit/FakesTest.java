package io.selkie.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.OutMessage;
import io.selkie.pipeline.Permits;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The fakes do what they say. */
final class FakesTest {

  private static final ActorId MINER = new ActorId(1000);
  private static final SectorId SECTOR = SectorId.of(1000, 3);
  private static final SectorRef REF =
      new SectorRef(SECTOR, RegisteredSealProof.STACKED_DRG_2KIB_V1_1);

  @Test
  void clock_advanced_ringsInOrderOnceAndNotBefore() {
    ManualClock clock = new ManualClock(Instant.EPOCH);
    List<String> rung = new ArrayList<>();
    clock.at(Instant.ofEpochSecond(5), () -> rung.add("five"));
    clock.at(Instant.ofEpochSecond(3), () -> rung.add("three"));
    clock.at(Instant.ofEpochSecond(4), () -> rung.add("never")).cancel();
    clock.advance(Duration.ofSeconds(2));
    assertThat(rung).isEmpty();
    clock.advance(Duration.ofSeconds(10));
    clock.advance(Duration.ofSeconds(10));
    assertThat(rung).containsExactly("three", "five");
    assertThat(clock.alarmCount()).isZero();
    assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(22));
  }

  @Test
  void random_ofTheSameSeed_isTheSame() {
    assertThat(new SeededRandom(5).nextLong()).isEqualTo(new SeededRandom(5).nextLong());
    assertThat(new SeededRandom(5)).hasToString("seed 5");
  }

  @Test
  void journal_gapOrDeath_refusesAndKeepsWhatItHad() throws IOException {
    InMemoryJournal journal = new InMemoryJournal();
    journal.append(List.of(entry(1, "WaitDeals")));
    assertThatThrownBy(() -> journal.append(List.of(entry(3, "AddPiece"))))
        .isInstanceOf(IllegalStateException.class);
    journal.failAfter(1);
    journal.append(List.of(entry(2, "AddPiece")));
    assertThat(journal.isDead()).isTrue();
    assertThatThrownBy(() -> journal.putValue("a", Optional.empty()))
        .isInstanceOf(IOException.class);
    InMemoryJournal again = journal.reopened();
    assertThat(again.load(SECTOR).orElseThrow().state()).isEqualTo("AddPiece");
    assertThat(again.log(SECTOR)).hasSize(2);
    assertThat(again.listInStates(MINER, Set.of("AddPiece"))).containsExactly(new SectorNumber(3));
    assertThat(again.allocateNumber(SECTOR)).isTrue();
    assertThat(again.allocateNumber(SECTOR)).isFalse();
    assertThat(again.allocatedNumbers(MINER)).containsExactly(new SectorNumber(3));
    again.putValue("x/1", Optional.of(new byte[] {7}));
    assertThat(again.values("x/")).containsOnlyKeys("x/1");
  }

  @Test
  void chain_sameKey_isOneMessageAndLandsInTheNextBlock() throws ChainFault {
    FakeChain chain = new FakeChain(MINER, SectorSize.KIB_2, 100);
    OutMessage message = preCommit();
    chain.loseNextAnswer();
    assertThatThrownBy(() -> chain.push(message, "key")).isInstanceOf(ChainFault.class);
    Cid cid = chain.push(message, "key");
    assertThat(chain.pushed()).hasSize(1);
    assertThat(chain.searchMessage(cid)).isEmpty();
    int[] heads = {0};
    chain.onHead(() -> heads[0]++);
    chain.mine();
    assertThat(heads[0]).isEqualTo(1);
    assertThat(chain.searchMessage(cid).orElseThrow().exitCode()).isZero();
    assertThat(chain.preCommitInfo(MINER, SECTOR.number()).orElseThrow().preCommitEpoch())
        .isEqualTo(new ChainEpoch(101));
    Cid second = chain.push(message, "another key");
    chain.mine();
    assertThat(chain.searchMessage(second).orElseThrow().exitCode()).isEqualTo(16);
    chain.setOffline(true);
    assertThatThrownBy(chain::head).isInstanceOf(ChainFault.class);
  }

  @Test
  void sealer_bytes_comeBackAndWrongOnesAreNoticed() throws SealFault, IOException {
    FakeSealer sealer = new FakeSealer();
    byte[] data = MinerSimulation.data(5, 508);
    sealer.addZeros(REF, 0, new UnpaddedPieceSize(508), Progress.NONE);
    sealer.addPiece(
        REF, 512, new UnpaddedPieceSize(508), () -> new ByteArrayInputStream(data), Progress.NONE);
    assertThat(sealer.readPiece(REF, new UnpaddedRange(508, 508)).readAllBytes()).isEqualTo(data);
    assertThatThrownBy(() ->
            sealer.addPiece(
                REF,
                1024,
                new UnpaddedPieceSize(1016),
                () -> new ByteArrayInputStream(data),
                Progress.NONE))
        .hasMessage("508 bytes came, expected 1016");
    sealer.failNext(FakeSealer.Step.FINALIZE, SealFault.Kind.IO);
    assertThatThrownBy(() -> sealer.finalizeSector(REF, List.of()))
        .hasMessage("injected into FINALIZE");
    sealer.finalizeSector(REF, List.of());
    assertThat(sealer.isFinalized(SECTOR)).isTrue();
    sealer.remove(SECTOR, Permits.terminated(SECTOR));
    assertThat(sealer.hasFiles(SECTOR)).isFalse();
  }

  private static OutMessage preCommit() {
    return new OutMessage(
        MINER,
        PreCommitSectorBatch2Params.METHOD,
        new PreCommitSectorBatch2Params(
                List.of(
                    new PreCommitSectorBatch2Params.Sector(
                        RegisteredSealProof.STACKED_DRG_2KIB_V1_1,
                        SECTOR.number(),
                        Cid.ofSealed(new Commitment(new byte[32])),
                        new ChainEpoch(-800),
                        new ChainEpoch(600_000),
                        Optional.empty())))
            .encode(),
        TokenAmount.of(5));
  }

  private static Entry entry(long sequence, String state) {
    return new Entry(
        SECTOR,
        sequence,
        Instant.EPOCH,
        "event;sealing.X",
        "{}",
        "",
        new byte[0],
        new Snapshot(SECTOR, sequence, state, new byte[0], Optional.empty(), List.of()));
  }
}
