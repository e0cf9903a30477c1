package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.pipeline.JournalReplay.Result;
import io.selkie.pipeline.SectorEvent.SectorStart;
import io.selkie.pipeline.SectorFsm.Step;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorJournal.Recorded;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JournalReplayTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00.123456789Z");

  /** A sector's history as its machine records it. */
  private static final class History {
    private final List<Recorded> entries = new ArrayList<>();
    private SectorRecord record =
        SectorRecord.fresh(SampleSectors.SECTOR, RegisteredSealProof.STACKED_DRG_2KIB_V1_1);

    void take(SectorEvent event, Instant now) {
      add(SectorFsm.next(record, event, now), RecordCodec.encodeEvent(event), now);
    }

    void stop(String reason, Instant now) {
      LogLine line = SectorLog.ofError(SectorLog.PLAIN_ERROR, reason, now);
      add(SectorFsm.stop(record, line, reason), RecordCodec.encodeStop(reason), now);
    }

    private void add(Step step, byte[] payload, Instant now) {
      record = step.record();
      for (int i = 0; i < step.log().size(); i++) {
        entries.add(
            new Recorded(
                entries.size() + 1L,
                now,
                step.log().get(i).kind(),
                i == 0 ? payload : new byte[0],
                record.state()));
      }
    }
  }

  private static SectorStart start() {
    return new SectorStart(
        SampleSectors.SECTOR.number(), RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
  }

  @Test
  void replay_randomHistory_isTheRecord() {
    List<Class<? extends SectorEvent>> types = List.copyOf(RecordCodec.eventTypes());
    List<SectorState> states = List.of(SectorState.values());
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      History history = new History();
      history.take(start(), NOW);
      for (int i = 1; i < 60; i++) {
        Instant now = NOW.plusMillis(i * 1_237L);
        switch (random.nextInt(4)) {
          case 0 -> history.stop("reason " + "x".repeat(random.nextInt(9_000)), now);
          case 1 ->
              history.take(
                  new SectorEvent.SectorForceState(
                      states.get(random.nextInt(states.size())).wireName()),
                  now);
          default ->
              history.take(SampleSectors.event(types.get(random.nextInt(types.size()))), now);
        }
      }
      assertThat(JournalReplay.replay(SampleSectors.SECTOR, history.entries))
          .as("seed %s", seed)
          .isEqualTo(new Result.Made(history.record, history.entries.size()));
    }
  }

  @Test
  void replay_rebuiltRecord_beginsWithIt() {
    SectorRecord rebuilt = SampleSectors.full("Proving");
    List<Recorded> entries =
        List.of(new Recorded(1, NOW, "rebuilt", RecordCodec.encode(rebuilt), "Proving"));
    assertThat(JournalReplay.replay(SampleSectors.SECTOR, entries))
        .isEqualTo(new Result.Made(rebuilt, 1));
  }

  @Test
  void replay_damagedEntry_saysWhichAndWhatWasBefore() {
    History history = new History();
    history.take(start(), NOW);
    SectorRecord before = history.record;
    history.stop("why", NOW);
    history.stop("why not", NOW);
    Recorded second = history.entries.get(1);
    List<byte[]> damaged =
        List.of(
            new byte[] {1, 2, 3},
            "{\"V\":9,\"Stop\":\"\"}".getBytes(StandardCharsets.UTF_8),
            "{\"V\":1,\"Event\":\"SectorSold\"}".getBytes(StandardCharsets.UTF_8),
            "[]".getBytes(StandardCharsets.UTF_8),
            Arrays.copyOf(second.payload(), second.payload().length - 1));
    for (byte[] payload : damaged) {
      List<Recorded> entries = new ArrayList<>(history.entries);
      entries.set(1, new Recorded(2, NOW, second.kind(), payload, second.state()));
      Result result = JournalReplay.replay(SampleSectors.SECTOR, entries);
      assertThat(result).isInstanceOf(Result.Broken.class);
      assertThat(((Result.Broken) result).sequence()).isEqualTo(2);
      assertThat(((Result.Broken) result).upTo()).contains(before);
    }
  }

  @Test
  void replay_missingOrOtherEntries_isBroken() {
    History history = new History();
    history.take(start(), NOW);
    history.stop("why", NOW);
    history.stop("why not", NOW);
    assertThat(JournalReplay.replay(SampleSectors.SECTOR, List.of()))
        .isEqualTo(new Result.Broken(Optional.empty(), 0, "there are no entries"));
    List<Recorded> gap = List.of(history.entries.get(0), history.entries.get(2));
    assertThat(JournalReplay.replay(SampleSectors.SECTOR, gap)).isInstanceOf(Result.Broken.class);
    List<Recorded> headless = history.entries.subList(1, 3);
    assertThat(JournalReplay.replay(SampleSectors.SECTOR, headless))
        .isInstanceOf(Result.Broken.class);
    Recorded first = history.entries.getFirst();
    List<Recorded> elsewhere =
        List.of(new Recorded(1, NOW, first.kind(), first.payload(), "Proving"));
    assertThat(JournalReplay.replay(SampleSectors.SECTOR, elsewhere))
        .isInstanceOf(Result.Broken.class);
  }
}
