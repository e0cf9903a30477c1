package io.selkie.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ForwardingJournal;
import io.selkie.pipeline.ImportSources;
import io.selkie.pipeline.ImportSources.Location;
import io.selkie.pipeline.PieceRefused;
import io.selkie.pipeline.SectorJournal;
import io.selkie.pipeline.SectorOffset;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorRefused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sectors from elsewhere whose callers passed the door, and meet behind it. */
final class SectorImportsTest {

  private static final int RIVALS = 16;
  private static final SectorId SECTOR = new SectorId(MinerSimulation.MINER, new SectorNumber(7));

  @Test
  void receive_ofOneNumberAtOnce_makesOneRecordAndKeepsItsSources() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      CountDownLatch go = new CountDownLatch(1);
      List<Future<Optional<String>>> calls = new ArrayList<>();
      try (ExecutorService callers = Executors.newFixedThreadPool(RIVALS)) {
        for (int i = 0; i < RIVALS; i++) {
          ImportSources sources = from("http://there/" + i + ";");
          calls.add(
              callers.submit(() -> {
                go.await();
                return refusal(miner, sources);
              }));
        }
        go.countDown();
      }
      List<Optional<String>> refusals = new ArrayList<>();
      for (Future<Optional<String>> each : calls) {
        refusals.add(each.get());
      }
      assertThat(refusals.stream().flatMap(Optional::stream))
          .hasSize(RIVALS - 1)
          .containsOnly("sector 7 state already exists");
      assertThat(miner.journal.values("import/")).hasSize(1);
      assertThat(new String(miner.journal.values("import/").get("import/1000/7"), UTF_8))
          .contains("http://there/" + refusals.indexOf(Optional.<String>empty()) + ";");
      assertThat(miner.journal.log(SECTOR))
          .filteredOn(line -> line.kind().equals("event;sealing.SectorReceive"))
          .hasSize(1);
      assertThat(miner.pipeline.numbers().meta().inUse().toRunLengths()).containsExactly(7, 1);
    }
  }

  /** A journal that lets something else happen while a number is being marked, once. */
  private static final class Meeting extends ForwardingJournal {
    private final AtomicReference<@Nullable Runnable> before = new AtomicReference<>();
    private final AtomicReference<@Nullable Runnable> after = new AtomicReference<>();

    Meeting(SectorJournal journal) {
      super(journal);
    }

    @Override
    public boolean allocateNumber(SectorId sector) throws IOException {
      meet(before);
      boolean marked = super.allocateNumber(sector);
      meet(after);
      return marked;
    }

    private static void meet(AtomicReference<@Nullable Runnable> other) {
      Runnable met = other.getAndSet(null);
      if (met != null) {
        met.run();
      }
    }
  }

  private static final class Met {
    private final AtomicReference<@Nullable Meeting> journal = new AtomicReference<>();
    private final MinerSimulation miner =
        new MinerSimulation(parts -> {
          Meeting meeting = new Meeting(parts.journal());
          journal.set(meeting);
          return parts.withJournal(meeting);
        });

    Meeting journal() {
      return Objects.requireNonNull(journal.get());
    }
  }

  private static SectorId sector(long number) {
    return new SectorId(MinerSimulation.MINER, new SectorNumber(number));
  }

  private static SectorId pledge(MinerSimulation miner) {
    try {
      return miner.pipeline.pledge();
    } catch (PieceRefused | ChainFault | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Runnable receiving(
      MinerSimulation miner, long number, AtomicReference<Optional<String>> answer) {
    return () -> {
      try {
        answer.set(refusal(miner, number, from("http://there/met;")));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    };
  }

  @Test
  void receive_ofANumberThatAPledgeWasGiven_isRefusedAndThePledgeGoesOn() throws Exception {
    for (boolean marked : new boolean[] {false, true}) {
      Met met = new Met();
      AtomicReference<Optional<String>> answer = new AtomicReference<>(Optional.empty());
      Runnable receiving = receiving(met.miner, 0, answer);
      (marked ? met.journal().after : met.journal().before).set(receiving);
      try (MinerSimulation miner = met.miner.start()) {
        assertThat(pledge(miner)).isEqualTo(sector(0));
        assertThat(answer.get()).contains("sector 0 state already exists");
        assertThat(miner.journal.values("import/")).isEmpty();
        miner.untilState(sector(0), "Proving");
        assertThat(pledge(miner)).isEqualTo(sector(1));
        assertThat(refusal(miner, 0, from("http://late")))
            .contains("sector 0 state already exists");
      }
    }
  }

  @Test
  void receive_ofTheNumberOfASectorThatIsOpenedForPieces_isRefusedAndThePieceIsTaken()
      throws Exception {
    Met met = new Met();
    AtomicReference<Optional<String>> answer = new AtomicReference<>(Optional.empty());
    met.journal().after.set(receiving(met.miner, 0, answer));
    try (MinerSimulation miner = met.miner.start()) {
      byte[] data = MinerSimulation.data(1, 2032);
      CompletableFuture<SectorOffset> place =
          miner.pipeline.addPiece(
              new UnpaddedPieceSize(data.length),
              () -> new ByteArrayInputStream(data),
              MinerSimulation.direct(data, 100_000));
      miner.until("the piece is taken", place::isDone);
      assertThat(place.join()).isEqualTo(new SectorOffset(sector(0).number(), 0));
      assertThat(answer.get()).contains("sector 0 state already exists");
      assertThat(miner.journal.values("import/")).isEmpty();
    }
  }

  @Test
  void pledge_whileItsNumberIsBeingReceived_takesTheNext() throws Exception {
    for (boolean marked : new boolean[] {false, true}) {
      Met met = new Met();
      AtomicReference<@Nullable SectorId> pledged = new AtomicReference<>();
      (marked ? met.journal().after : met.journal().before)
          .set(() -> pledged.set(pledge(met.miner)));
      try (MinerSimulation miner = met.miner.start()) {
        assertThat(refusal(miner, 0, from("http://there/met;"))).isEmpty();
        assertThat(pledged.get()).isEqualTo(sector(1));
        assertThat(miner.state(sector(0))).isEqualTo("ReceiveSector");
        assertThat(new String(miner.journal.values("import/").get("import/1000/0"), UTF_8))
            .contains("http://there/met;");
        miner.untilState(sector(1), "Proving");
        assertThat(pledge(miner)).isEqualTo(sector(2));
        assertThat(miner.pipeline.numbers().meta().allocated().toRunLengths())
            .containsExactly(0, 3);
      }
    }
  }

  @Test
  void receive_ofANumberThatWasGivenOutAndLost_takesIt() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      assertThat(miner.journal.allocateNumber(SECTOR)).isTrue();
      assertThat(refusal(miner, 7, from("http://there"))).isEmpty();
      assertThat(miner.state(SECTOR)).isEqualTo("ReceiveSector");
    }
  }

  private static Optional<String> refusal(MinerSimulation miner, ImportSources sources)
      throws IOException {
    return refusal(miner, SECTOR.number().value(), sources);
  }

  private static Optional<String> refusal(MinerSimulation miner, long number, ImportSources sources)
      throws IOException {
    try {
      miner.pipeline.imports().receive(packed(sector(number)), sources);
      return Optional.empty();
    } catch (SectorRefused refused) {
      return Optional.of(String.valueOf(refused.getMessage()));
    }
  }

  private static ImportSources from(String url) {
    return new ImportSources(
        Optional.of(new Location(false, url, List.of())),
        Optional.empty(),
        Optional.empty(),
        "",
        "",
        "");
  }

  private static SectorRecord packed(SectorId sector) {
    SectorRecord fresh = SectorRecord.fresh(sector, RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
    return new SectorRecord(
        sector,
        "Packing",
        fresh.sealProof(),
        0,
        List.of(),
        Optional.empty(),
        fresh.preCommit(),
        fresh.commit(),
        fresh.upgrade(),
        fresh.termination(),
        fresh.failures(),
        "",
        "",
        0,
        0);
  }
}
