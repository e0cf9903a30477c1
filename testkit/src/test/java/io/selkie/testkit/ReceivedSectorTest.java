package io.selkie.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.TokenAmount;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.ImportSources;
import io.selkie.pipeline.ImportSources.Location;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.PieceDealInfo;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.RemoteSealer;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.SectorOffset;
import io.selkie.pipeline.SectorPiece;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorRecord.Commit;
import io.selkie.pipeline.SectorRecord.Drawn;
import io.selkie.pipeline.SectorRecord.PreCommit;
import io.selkie.testkit.FakeSealer.Step;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a sector from elsewhere when those who sealed it answer, or do not. */
final class ReceivedSectorTest {

  /** As often as the handler and the reports say. */
  private static final int DOWNLOAD_TRIES = 50;

  private static final int REPORT_TRIES = 5;

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);

  private static final SectorId SECTOR = new SectorId(MinerSimulation.MINER, new SectorNumber(7));
  private static final String DONE = "http://there/done?key=1";

  /** Those elsewhere, who fail while they are told to. */
  private static final class Elsewhere implements RemoteSealer {
    private final List<String> told = new ArrayList<>();
    private int fetches;
    private Optional<SealFault> trouble = Optional.empty();

    synchronized void fails(SealFault.Kind kind, String why) {
      trouble = Optional.of(new SealFault(kind, why));
    }

    synchronized void recovers() {
      trouble = Optional.empty();
    }

    synchronized int fetches() {
      return fetches;
    }

    synchronized List<String> told() {
      return List.copyOf(told);
    }

    private void answer() throws SealFault {
      if (trouble.isPresent()) {
        throw trouble.get();
      }
    }

    @Override
    public synchronized void fetch(SectorRecord sector, ImportSources from, Progress progress)
        throws SealFault {
      fetches++;
      answer();
    }

    @Override
    public byte[] commit1(String endpoint, PoRep what) throws SealFault {
      throw new SealFault(SealFault.Kind.BAD_REQUEST, "nobody asked for a proof");
    }

    @Override
    public byte[] commit2(String endpoint, SectorRef sector, byte[] commit1Out) throws SealFault {
      throw new SealFault(SealFault.Kind.BAD_REQUEST, "nobody asked for a proof");
    }

    @Override
    public Optional<String> objection(PoRep what, byte[] proof) {
      return Optional.empty();
    }

    @Override
    public synchronized void sealingDone(
        String endpoint, boolean successful, String state, Optional<Cid> commitMessage)
        throws SealFault {
      told.add(endpoint + " " + successful + " " + state);
      answer();
    }
  }

  private final Elsewhere elsewhere = new Elsewhere();
  private final MinerSimulation miner =
      new MinerSimulation(parts -> parts.withElsewhere(elsewhere));

  @AfterEach
  void stop() {
    miner.close();
  }

  private static ImportSources sources(String done) {
    return new ImportSources(
        Optional.of(new Location(false, "http://there/data?key=2", List.of())),
        Optional.empty(),
        Optional.empty(),
        "",
        "",
        done);
  }

  private static Commitment commitment(int of) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) of;
    return new Commitment(bytes);
  }

  private static Drawn drawn(long epoch) {
    return new Drawn(new Randomness(new byte[32]), new ChainEpoch(epoch));
  }

  /** As much of it as the state has. */
  private static SectorRecord sector(String state) {
    SectorRecord fresh = SectorRecord.fresh(SECTOR, RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
    boolean encoded = !state.equals("Packing") && !state.equals("GetTicket");
    boolean sealed = encoded && !state.equals("PreCommitting");
    return new SectorRecord(
        SECTOR,
        state,
        fresh.sealProof(),
        0,
        List.of(
            new SectorPiece(
                FakeSealer.zeros(fresh.sealProof().sectorSize().unpadded()), Optional.empty())),
        encoded ? Optional.of(drawn(1990)) : Optional.empty(),
        encoded
            ? new PreCommit(
                Optional.empty(),
                Optional.of(Cid.ofUnsealed(commitment(1))),
                Optional.of(Cid.ofSealed(commitment(2))),
                Optional.empty(),
                List.of(),
                TokenAmount.ZERO)
            : fresh.preCommit(),
        sealed
            ? new Commit(
                Optional.of(drawn(1995)),
                Optional.of(OpaqueBytes.of(new byte[] {1})),
                Optional.empty())
            : fresh.commit(),
        fresh.upgrade(),
        fresh.termination(),
        fresh.failures(),
        "",
        "",
        0,
        0);
  }

  private void receive(String state, String done) throws Exception {
    miner.pipeline.imports().receive(sector(state), sources(done));
  }

  private long count(String kind) {
    return miner.journal.log(SECTOR).stream()
        .filter(line -> line.kind().equals("event;sealing." + kind))
        .count();
  }

  private SectorRecord record() {
    return miner.status(SECTOR).orElseThrow().record();
  }

  private Optional<String> stored() {
    return Optional.ofNullable(miner.journal.values("import/").get("import/1000/7"))
        .map(bytes -> new String(bytes, UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Packing", "GetTicket", "PreCommitting", "SubmitCommit", "Proving", "Available"})
  void sector_inEachStateThatIsTaken_goesOnInItAndForgetsItsSources(String state) throws Exception {
    miner.start();
    receive(state, "");
    miner.until("it has come", () -> count("SectorReceived") == 1);
    miner.until("its sources are forgotten", () -> stored().isEmpty());
    assertThat(record().returnState()).isEmpty();
    List<String> states =
        miner.journal.entries().stream()
            .filter(entry -> entry.kind().equals("event;sealing.SectorReceived"))
            .map(entry -> entry.after().state())
            .toList();
    assertThat(states).containsExactly(state);
    boolean finished = state.equals("Proving") || state.equals("Available");
    assertThat(miner.sealer.isFinalized(SECTOR)).isEqualTo(finished);
    if (finished) {
      assertThat(miner.state(SECTOR)).isEqualTo(state);
    }
  }

  @Test
  void files_thatNeverCome_parkTheSectorWithTheReason_andItGoesOnWhenTold() throws Exception {
    miner.start();
    elsewhere.fails(SealFault.Kind.IO, "http://there/data answered with status 500");
    receive("Proving", DONE);
    miner.until(
        "it gives up",
        () -> {
          miner.clock.advance(LONGEST_PAUSE);
          return !record().lastError().isEmpty();
        });
    assertThat(record().lastError())
        .isEqualTo(
            "http://there/data answered with status 500 (gave up after "
                + DOWNLOAD_TRIES
                + " tries)");
    assertThat(elsewhere.fetches()).isEqualTo(DOWNLOAD_TRIES);
    assertThat(miner.state(SECTOR)).isEqualTo("ReceiveSector");
    assertThat(stored().orElseThrow()).contains("http://there/data?key=2");
    assertThat(miner.status(SECTOR).orElseThrow().timer()).isEmpty();
    elsewhere.recovers();
    miner.pipeline.forceState(SECTOR.number(), "ReceiveSector");
    miner.untilState(SECTOR, "Proving");
    assertThat(elsewhere.fetches()).isEqualTo(DOWNLOAD_TRIES + 1);
    miner.until("its sources are forgotten", () -> !stored().orElse("data").contains("data"));
    assertThat(stored().orElseThrow()).contains(DONE);
  }

  @Test
  void files_thatAreWrong_parkTheSectorAtOnce_andARestartTriesThemOnceMore() throws Exception {
    miner.start();
    elsewhere.fails(SealFault.Kind.DAMAGED_FILE, "p_aux: wrong");
    receive("GetTicket", "");
    miner.until("it parks", () -> record().lastError().equals("p_aux: wrong"));
    assertThat(elsewhere.fetches()).isEqualTo(1);
    miner.crashAndRestart();
    miner.until("it is tried again", () -> elsewhere.fetches() == 2);
    assertThat(miner.state(SECTOR)).isEqualTo("ReceiveSector");
    elsewhere.recovers();
    miner.pipeline.restart(SECTOR.number());
    miner.until("it has come", () -> count("SectorReceived") == 1);
  }

  @Test
  void sources_thatAreLost_parkTheSectorUntilItIsRemoved() throws Exception {
    miner.start();
    elsewhere.fails(SealFault.Kind.IO, "away");
    receive("GetTicket", "");
    miner.until("it is asked for", () -> elsewhere.fetches() > 0);
    miner.journal.putValue("import/1000/7", Optional.empty());
    miner.until("it parks", () -> record().lastError().contains("is not recorded any more"));
    miner.pipeline.remove(SECTOR.number());
    miner.untilState(SECTOR, "Removed");
  }

  @Test
  void done_whenTheSectorIsRemoved_isToldOnceAsFailure() throws Exception {
    miner.start();
    elsewhere.fails(SealFault.Kind.BAD_REQUEST, "wrong");
    receive("GetTicket", DONE);
    miner.until("it parks", () -> !record().lastError().isEmpty());
    elsewhere.recovers();
    miner.pipeline.remove(SECTOR.number());
    miner.untilState(SECTOR, "Removed");
    miner.until("it is told", () -> !elsewhere.told().isEmpty());
    assertThat(elsewhere.told()).containsExactly(DONE + " false Removing");
    miner.until("the address is forgotten", () -> stored().isEmpty());
  }

  @Test
  void done_whenNobodyIsThere_isToldAFewTimesAndHoldsNothingUp() throws Exception {
    miner.start();
    receive("GetTicket", DONE);
    miner.until("it has come", () -> count("SectorReceived") == 1);
    elsewhere.fails(SealFault.Kind.IO, "connection refused");
    miner.pipeline.remove(SECTOR.number());
    miner.untilState(SECTOR, "Removed");
    miner.until("it is given up", () -> elsewhere.told().size() == REPORT_TRIES);
    assertThat(miner.clock.alarmCount()).isZero();
    assertThat(elsewhere.told()).hasSize(REPORT_TRIES).containsOnly(DONE + " false Removing");
    assertThat(count("SectorRemoved")).isEqualTo(1);
  }

  @Test
  void done_whenItsReceiverComesBack_isNotToldAgain() throws Exception {
    miner.start();
    receive("GetTicket", DONE);
    miner.until("it has come", () -> count("SectorReceived") == 1);
    elsewhere.fails(SealFault.Kind.IO, "connection refused");
    miner.pipeline.remove(SECTOR.number());
    miner.until("it was told in vain", () -> elsewhere.told().size() == 1);
    elsewhere.recovers();
    miner.until("it is told again", () -> elsewhere.told().size() == 2);
    miner.until("nothing is left to be done", () -> miner.clock.alarmCount() == 0);
    assertThat(elsewhere.told()).hasSize(2);
  }

  @Test
  void done_whoseAddressCannotBeRead_holdsNothingUp() throws Exception {
    miner.start();
    receive("GetTicket", DONE);
    miner.until("it has come", () -> count("SectorReceived") == 1);
    // Else what is left of it would be written over what is damaged here.
    miner.until("its sources are forgotten", () -> !stored().orElse("data").contains("data"));
    miner.journal.putValue("import/1000/7", Optional.of("{".getBytes(UTF_8)));
    miner.pipeline.remove(SECTOR.number());
    miner.untilState(SECTOR, "Removed");
    assertThat(elsewhere.told()).isEmpty();
  }

  @Test
  void piece_ofASectorThatWasReceived_isFoundInIt() throws Exception {
    miner.start();
    elsewhere.fails(SealFault.Kind.IO, "away");
    byte[] data = MinerSimulation.data(1, 2032);
    PieceDealInfo deal = MinerSimulation.direct(data, 100_000);
    SectorRecord packed = sector("Packing");
    miner
        .pipeline
        .imports()
        .receive(
            new SectorRecord(
                SECTOR,
                "Packing",
                packed.sealProof(),
                0,
                List.of(
                    new SectorPiece(
                        new PieceInfo(
                            new UnpaddedPieceSize(data.length).padded(),
                            FakeSealer.commitmentOf(data)),
                        Optional.of(deal))),
                Optional.empty(),
                packed.preCommit(),
                packed.commit(),
                packed.upgrade(),
                packed.termination(),
                packed.failures(),
                "",
                "",
                0,
                0),
            sources(""));
    CompletableFuture<SectorOffset> place =
        miner.pipeline.addPiece(
            new UnpaddedPieceSize(data.length), () -> new ByteArrayInputStream(data), deal);
    assertThat(place.join()).isEqualTo(new SectorOffset(SECTOR.number(), 0));
    assertThat(miner.pipeline.list()).containsExactly(SECTOR.number());
  }

  /** Values of the book, as a crash left them: what stays and what goes when the process starts. */
  @Test
  void sweep_forgetsWhatNobodyNeeds_andNothingElse() throws Exception {
    miner.start();
    elsewhere.fails(SealFault.Kind.IO, "away");
    receive("GetTicket", DONE);
    byte[] whole = miner.journal.getValue("import/1000/7").orElseThrow();
    // Written just before the crash, so that no record was made.
    miner.journal.putValue("import/1000/8", Optional.of(whole));
    // Another miner's, in the same journal; and what only begins alike.
    miner.journal.putValue("import/1001/8", Optional.of(whole));
    miner.journal.putValue("import/10001/8", Optional.of(whole));
    miner.crashAndRestart();
    assertThat(miner.journal.values("import/"))
        .containsOnlyKeys("import/1000/7", "import/1001/8", "import/10001/8");
    assertThat(stored().orElseThrow()).isEqualTo(new String(whole, UTF_8));

    // The files are here, and the crash came before that was noted.
    elsewhere.recovers();
    miner.sealer.gate(Step.PRE_COMMIT_1);
    miner.pipeline.restart(SECTOR.number());
    miner.until("the files are forgotten", () -> !stored().orElse("data").contains("data?key=2"));
    miner.journal.putValue("import/1000/7", Optional.of(whole));
    miner.crashAndRestart();
    assertThat(stored().orElseThrow()).contains(DONE).doesNotContain("data?key=2");

    // It waits for its files, in a state that an operator forced for a while.
    miner.journal.putValue("import/1000/7", Optional.of(whole));
    elsewhere.fails(SealFault.Kind.IO, "away");
    SectorRecord before = record();
    assertThat(before.returnState()).isEmpty();
    miner.pipeline.remove(SECTOR.number());
    miner.untilState(SECTOR, "Removed");
    miner.until("all is forgotten", () -> stored().isEmpty());
    miner.journal.putValue("import/1000/7", Optional.of(whole));
    miner.crashAndRestart();
    assertThat(miner.journal.values("import/")).containsOnlyKeys("import/1001/8", "import/10001/8");
  }

  @Test
  void sweep_ofValuesThatCannotBeRead_keepsThemAndStartsTheOthers() throws Exception {
    miner.start();
    receive("Proving", DONE);
    miner.untilState(SECTOR, "Proving");
    miner.journal.putValue("import/1000/7", Optional.of("{".getBytes(UTF_8)));
    miner.journal.putValue("import/1000/x", Optional.of("{}".getBytes(UTF_8)));
    SectorId pledged = miner.pipeline.pledge();
    miner.crashAndRestart();
    miner.untilState(pledged, "Proving");
    assertThat(miner.journal.values("import/")).containsOnlyKeys("import/1000/7", "import/1000/x");
  }

  @Test
  void sweep_ofASectorThatWasForcedAwayWhileItsFilesAreAwaited_keepsItsSources() throws Exception {
    miner.start();
    elsewhere.fails(SealFault.Kind.DAMAGED_FILE, "wrong");
    receive("GetTicket", "");
    miner.until("it parks", () -> record().lastError().equals("wrong"));
    miner.pipeline.forceState(SECTOR.number(), "FailedUnrecoverable");
    miner.crashAndRestart();
    assertThat(miner.state(SECTOR)).isEqualTo("FailedUnrecoverable");
    assertThat(stored().orElseThrow()).contains("data?key=2");
    elsewhere.recovers();
    miner.pipeline.forceState(SECTOR.number(), "ReceiveSector");
    miner.until("it has come", () -> count("SectorReceived") == 1);
  }
}
