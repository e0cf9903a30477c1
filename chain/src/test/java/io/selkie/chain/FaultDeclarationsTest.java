package io.selkie.chain;

import static io.selkie.chain.DevnetFixture.MINER;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.BitField;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.FaultDeclarationsParams;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TerminateSectorsParams.Declaration;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.ProvenSector.Fault;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.MessageLookup;
import io.selkie.pipeline.ChainNode.SectorPlace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sectors that are declared faulty, and recovered. */
final class FaultDeclarationsTest {

  private static final SectorNumber SEVEN = new SectorNumber(7);
  private static final long FAULTS = FaultDeclarationsParams.DECLARE_FAULTS;
  private static final long RECOVERED = FaultDeclarationsParams.DECLARE_FAULTS_RECOVERED;

  @TempDir Path directory;
  private DevnetFixture fixture;
  private SectorPlace place = new SectorPlace(0, 0);

  @BeforeEach
  void proveASector() throws Exception {
    fixture = new DevnetFixture(directory);
    fixture.preCommit(fixture.sector(7, Optional.empty()));
    fixture.awaitSeed(7);
    fixture.chain.step();
    byte[] proof = fixture.proof(7, UnsealedCommitment.of(SectorSize.KIB_2, List.of()));
    fixture.prove(List.of(DevnetFixture.activation(7)), List.of(proof));
    place = fixture.chain.sectorPlace(MINER, SEVEN).orElseThrow();
    farFromTheWindow();
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  /** To the epoch after the next end of the sector's window. */
  private void farFromTheWindow() throws ChainFault {
    fixture.skipTo(windowEnd() + 1);
  }

  private long windowEnd() throws ChainFault {
    PeriodOnChain period = fixture.chain.provingPeriod(MINER);
    long end = period.start() + (place.deadline() + 1) * 60 - 1;
    while (end < period.height()) {
      end += 2880;
    }
    return end;
  }

  private MessageLookup execute(long method, Declaration... declarations) throws ChainFault {
    byte[] params = new FaultDeclarationsParams(List.of(declarations)).encode();
    return fixture.execute(method, params, TokenAmount.ZERO);
  }

  private long code(long method, Declaration... declarations) throws ChainFault {
    return execute(method, declarations).exitCode();
  }

  private Declaration seven() {
    return new Declaration(place.deadline(), place.partition(), BitField.of(7));
  }

  private ProvenSector sector() throws ChainFault {
    return fixture.chain.sectorsOfDeadline(MINER, Math.toIntExact(place.deadline())).getFirst();
  }

  @Test
  void fault_declared_takesThePowerAndEndsTheSectorEarly() throws Exception {
    long end = windowEnd();
    assertThat(code(FAULTS, seven())).isZero();
    assertThat(sector().fault()).isEqualTo(Fault.FAULTY);
    assertThat(sector().expiration().early()).isEqualTo(new ChainEpoch(end + 42 * 2880));
    MinerAccount account = fixture.chain.minerAccount(MINER);
    assertThat(account.rawPower()).isZero();
    assertThat(account.faultySectors()).isEqualTo(1);
    // Again changes nothing: the fault is not younger for it.
    fixture.skipTo(fixture.chain.head().height().value() + 2880);
    assertThat(code(FAULTS, seven())).isZero();
    assertThat(sector().expiration().early()).isEqualTo(new ChainEpoch(end + 42 * 2880));
    fixture.close();
    fixture = new DevnetFixture(DevnetFixture.open(directory), "again ");
    assertThat(sector().fault()).isEqualTo(Fault.FAULTY);
    fixture.skipTo(end + 42 * 2880 - 1);
    assertThat(sector().live()).isTrue();
    fixture.skipTo(end + 42 * 2880);
    assertThat(sector().live()).isFalse();
    assertThat(fixture.chain.sectorInfo(MINER, SEVEN)).isEmpty();
  }

  @Test
  void recovery_declared_comesTrueAtTheEndOfTheWindow() throws Exception {
    assertThat(code(FAULTS, seven())).isZero();
    assertThat(code(RECOVERED, seven())).isZero();
    assertThat(sector().fault()).isEqualTo(Fault.RECOVERING);
    assertThat(fixture.chain.minerAccount(MINER).rawPower()).isZero();
    long end = windowEnd();
    fixture.skipTo(end - 1);
    assertThat(sector().fault()).isEqualTo(Fault.RECOVERING);
    fixture.skipTo(end);
    assertThat(sector().fault()).isEqualTo(Fault.NONE);
    assertThat(sector().expiration().early()).isEqualTo(ChainEpoch.ZERO);
    assertThat(fixture.chain.minerAccount(MINER).rawPower().longValueExact()).isEqualTo(2048);
    fixture.skipTo(end + 43 * 2880);
    assertThat(sector().live()).isTrue();
  }

  @Test
  void recovery_declaredFaultyAgain_isTakenBack() throws Exception {
    assertThat(code(FAULTS, seven())).isZero();
    assertThat(code(RECOVERED, seven())).isZero();
    assertThat(code(FAULTS, seven())).isZero();
    assertThat(sector().fault()).isEqualTo(Fault.FAULTY);
    farFromTheWindow();
    assertThat(sector().fault()).isEqualTo(Fault.FAULTY);
  }

  @Test
  void recovery_ofASectorThatIsNotFaulty_changesNothing() throws Exception {
    assertThat(code(RECOVERED, seven())).isZero();
    assertThat(sector().fault()).isEqualTo(Fault.NONE);
    assertThat(code(RECOVERED)).isZero();
  }

  @Test
  void declaration_ofWhatIsNotThere_changesNothing() throws Exception {
    Declaration seven = seven();
    for (long method : List.of(FAULTS, RECOVERED)) {
      Declaration unknown = new Declaration(seven.deadline(), seven.partition(), BitField.of(7, 8));
      assertThat(code(method, unknown)).isEqualTo(16);
      assertThat(code(method, new Declaration(seven.deadline(), 9, BitField.of(7)))).isEqualTo(17);
      assertThat(code(method, new Declaration(48, 0, BitField.of(7)))).isEqualTo(16);
      assertThat(code(method, new Declaration(Long.MAX_VALUE, 0, BitField.of(7)))).isEqualTo(16);
      BitField many = BitField.ofRange(0, Long.MAX_VALUE - 1);
      Declaration over = new Declaration(seven.deadline(), seven.partition(), many);
      assertThat(code(method, over, over, over)).isEqualTo(16);
      MessageLookup garbled = fixture.execute(method, new byte[] {1}, TokenAmount.ZERO);
      assertThat(garbled.exitCode()).isEqualTo(21);
    }
    assertThat(sector().fault()).isEqualTo(Fault.NONE);
  }

  /** From 70 epochs before the window until its end. */
  @Test
  void declaration_nearTheWindow_isRefused() throws Exception {
    long open = windowEnd() - 59;
    fixture.skipTo(open - 72);
    assertThat(code(FAULTS, seven())).as("at the last epoch before the cutoff").isZero();
    MessageLookup late = execute(RECOVERED, seven());
    assertThat(late.exitCode()).isEqualTo(16);
    assertThat(fixture.chain.failureReason(late.message()))
        .hasValueSatisfying(why -> assertThat(why).contains("late fault or recovery declaration"));
    fixture.skipTo(open + 58);
    assertThat(code(RECOVERED, seven())).as("at the window's last epoch").isEqualTo(16);
    assertThat(code(RECOVERED, seven())).as("after it").isZero();
    assertThat(sector().fault()).isEqualTo(Fault.RECOVERING);
  }

  /** A chain that an earlier version made has no column for faults. */
  @Test
  void chain_ofTheFirstVersion_isTakenOn() throws Exception {
    fixture.close();
    Path file = directory.resolve(ChainDatabase.FILE);
    assertThat(Files.exists(file)).isTrue();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP INDEX sector_early");
      statement.execute("DROP INDEX sector_recovering");
      for (String column : List.of("faulty_since", "early", "recovering")) {
        statement.execute("ALTER TABLE sector DROP COLUMN " + column);
      }
      statement.execute("PRAGMA user_version = 1");
    }
    fixture = new DevnetFixture(DevnetFixture.open(directory), "again ");
    assertThat(sector().fault()).isEqualTo(Fault.NONE);
    assertThat(code(FAULTS, seven())).isZero();
    assertThat(sector().fault()).isEqualTo(Fault.FAULTY);
  }
}
