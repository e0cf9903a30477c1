package io.selkie.chain;

import static io.selkie.chain.DevnetFixture.MINER;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.BitField;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TerminateSectorsParams;
import io.selkie.abi.TerminateSectorsParams.Declaration;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.ProvingDeadline;
import io.selkie.pipeline.ChainNode.SectorPlace;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sectors that end before their time. */
final class TerminateSectorsTest {

  private static final SectorNumber SEVEN = new SectorNumber(7);

  @TempDir Path directory;
  private DevnetFixture fixture;

  @BeforeEach
  void proveASector() throws Exception {
    fixture = new DevnetFixture(directory);
    fixture.preCommit(fixture.sector(7, Optional.empty()));
    fixture.awaitSeed(7);
    fixture.chain.step();
    byte[] proof = fixture.proof(7, UnsealedCommitment.of(SectorSize.KIB_2, List.of()));
    fixture.prove(List.of(DevnetFixture.activation(7)), List.of(proof));
    assertThat(fixture.chain.sectorInfo(MINER, SEVEN)).isPresent();
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  private SectorPlace place() throws ChainFault {
    return fixture.chain.sectorPlace(MINER, SEVEN).orElseThrow();
  }

  /** Moves on until the sector's deadline may be changed. */
  private void untilMutable() throws ChainFault {
    ProvingDeadline now = fixture.chain.provingDeadline(MINER);
    Optional<ChainEpoch> held = now.heldUntil(place().deadline());
    if (held.isPresent()) {
      fixture.skipTo(held.get().value());
    }
    assertThat(fixture.chain.provingDeadline(MINER).heldUntil(place().deadline())).isEmpty();
  }

  private long terminate(Declaration... declarations) throws ChainFault {
    return fixture
        .execute(
            TerminateSectorsParams.METHOD,
            new TerminateSectorsParams(List.of(declarations)).encode(),
            TokenAmount.ZERO)
        .exitCode();
  }

  private Declaration seven() throws ChainFault {
    return new Declaration(place().deadline(), place().partition(), BitField.of(7));
  }

  @Test
  void terminate_ofALiveSector_endsItForGoodAndBurnsTheFee() throws Exception {
    untilMutable();
    TokenAmount before = fixture.chain.availableBalance(MINER);
    TokenAmount pledge = fixture.chain.sectorInfo(MINER, SEVEN).orElseThrow().initialPledge();
    assertThat(terminate(seven())).isZero();
    assertThat(fixture.chain.sectorInfo(MINER, SEVEN)).isEmpty();
    assertThat(fixture.chain.sectorPlace(MINER, SEVEN)).isEmpty();
    assertThat(fixture.chain.isSectorAllocated(MINER, SEVEN)).isTrue();
    BigInteger freed = fixture.chain.availableBalance(MINER).minus(before).atto();
    assertThat(freed).isEqualTo(pledge.minus(TerminateSectors.fee(pledge, 0)).atto()).isPositive();

    fixture.close();
    fixture = new DevnetFixture(DevnetFixture.open(directory), "again ");
    assertThat(fixture.chain.sectorInfo(MINER, SEVEN)).isEmpty();
  }

  @Test
  void terminate_ofWhatIsNotThere_endsNothing() throws Exception {
    untilMutable();
    Declaration good = seven();
    Declaration unknown =
        new Declaration(place().deadline(), place().partition(), BitField.of(7, 8));
    Declaration elsewhere =
        new Declaration(place().deadline(), place().partition() + 1, BitField.of(7));
    assertThat(terminate(unknown)).isEqualTo(17);
    assertThat(terminate(elsewhere)).isEqualTo(16);
    assertThat(terminate()).isEqualTo(16);
    assertThat(terminate(new Declaration(48, 0, BitField.of(7)))).isEqualTo(16);
    assertThat(terminate(good, good)).isEqualTo(17);
    assertThat(fixture.chain.sectorInfo(MINER, SEVEN)).isPresent();
  }

  @Test
  void terminate_whileTheDeadlineIsOpen_isRefused() throws Exception {
    Declaration good = seven();
    ProvingDeadline now = fixture.chain.provingDeadline(MINER);
    long windows = Math.floorMod(good.deadline() - now.index(), now.deadlines());
    fixture.skipTo(now.close().value() + (windows - 1) * now.windowEpochs());
    assertThat(fixture.chain.provingDeadline(MINER).index()).isEqualTo(good.deadline());
    assertThat(terminate(good)).isEqualTo(16);
  }

  @Test
  void fee_byAge_growsFromTwoPercentToEightAndAHalf() {
    TokenAmount pledge = TokenAmount.of(100_000);
    assertThat(TerminateSectors.fee(pledge, 0)).isEqualTo(TokenAmount.of(2_000));
    assertThat(TerminateSectors.fee(pledge, 70 * 2880)).isEqualTo(TokenAmount.of(4_250));
    assertThat(TerminateSectors.fee(pledge, 140 * 2880)).isEqualTo(TokenAmount.of(8_500));
    assertThat(TerminateSectors.fee(pledge, 1_000_000)).isEqualTo(TokenAmount.of(8_500));
  }

  @Test
  void held_ofEveryDeadline_coversThreeWindows() {
    ProvingDeadline now = new ProvingDeadline(10, new ChainEpoch(660), 48, 60);
    assertThat(now.heldUntil(9)).contains(new ChainEpoch(660));
    assertThat(now.heldUntil(10)).contains(new ChainEpoch(720));
    assertThat(now.heldUntil(11)).contains(new ChainEpoch(780));
    assertThat(now.heldUntil(8)).isEmpty();
    assertThat(now.heldUntil(12)).isEmpty();
    assertThat(now.heldFrom(12)).isEqualTo(new ChainEpoch(660));
    assertThat(now.heldFrom(13)).isEqualTo(new ChainEpoch(720));
    assertThat(now.heldFrom(8)).isEqualTo(new ChainEpoch(660 + 44 * 60));
  }
}
