package io.selkie.store;

import static io.selkie.store.JournalEntries.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorJournal;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every journal must do over long, random and simultaneous histories. */
abstract class SectorJournalHistories {

  static final ActorId MINER = new ActorId(1000);
  static final SectorId ONE = SectorId.of(1000, 1);
  static final SectorId TWO = SectorId.of(1000, 2);

  SectorJournal journal;

  /** An empty journal. */
  abstract SectorJournal open() throws IOException;

  @BeforeEach
  void openJournal() throws IOException {
    journal = open();
  }

  @AfterEach
  void closeJournal() throws IOException {
    journal.close();
  }

  /** Seeded histories of everything that writes, good and refused, against a model. */
  @Test
  void everything_randomHistory_equalsTheModel() throws IOException {
    for (long seed = 1; seed <= 3; seed++) {
      // A miner each, for the journal goes on.
      JournalModel model = new JournalModel(new ActorId(5_000 + seed), new Random(seed));
      for (int step = 0; step < 120; step++) {
        model.step(journal);
        if (step % 30 == 29) {
          model.check(journal, "seed " + seed + ", step " + step);
        }
      }
    }
  }

  /** What may be largest: a record and an event that both carry the proof of a 64 GiB sector. */
  @Test
  void append_largePayload_isKeptWhole() throws IOException {
    byte[] large = new byte[4 << 20];
    new Random(5).nextBytes(large);
    Snapshot after = new Snapshot(ONE, 1, "Committing", large, Optional.empty(), List.of());
    journal.append(List.of(new Entry(ONE, 1, JournalEntries.START, "k", "m", "t", large, after)));
    journal.putValue("large", Optional.of(large));

    assertThat(journal.load(ONE).orElseThrow().record()).isEqualTo(large);
    assertThat(journal.entries(ONE, 0).getFirst().payload()).isEqualTo(large);
    assertThat(journal.getValue("large").orElseThrow()).isEqualTo(large);
  }

  /** Two sectors always move together; nobody ever sees one without the other. */
  @Test
  void append_ofTwoSectors_isSeenWholeOrNotAtAll() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<?> reading =
          threads.submit(() -> {
            while (!stop.get()) {
              Map<SectorId, Snapshot> seen = new HashMap<>();
              journal.forEach(each -> seen.put(each.sector(), each));
              assertThat(seen.size()).isIn(0, 2);
              assertThat(seen.values().stream().map(Snapshot::sequence).distinct().count())
                  .isLessThanOrEqualTo(1);
            }
            return null;
          });
      try {
        for (int sequence = 1; sequence <= 60; sequence++) {
          journal.append(
              List.of(entry(ONE, sequence, "A"), entry(TWO, sequence, "B" + sequence % 2)));
        }
      } finally {
        stop.set(true);
      }
      reading.get();
    }
  }

  /** Eight virtual threads, each with sectors of its own. */
  @Test
  void append_concurrent_losesNothing() throws Exception {
    int sectors = 16;
    int events = 25;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int number = 0; number < sectors; number++) {
        SectorId sector = SectorId.of(1000, number);
        running.add(
            threads.submit(() -> {
              for (int sequence = 1; sequence <= events; sequence++) {
                journal.append(List.of(entry(sector, sequence, "State" + sequence % 3)));
                assertThat(journal.load(sector).orElseThrow().sequence()).isEqualTo(sequence);
              }
              return null;
            }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    assertThat(journal.summary(MINER)).isEqualTo(Map.of("State1", (long) sectors));
    for (int number = 0; number < sectors; number++) {
      assertThat(journal.log(SectorId.of(1000, number))).hasSize(events);
    }
  }

  /** All race for the same next entry. */
  @Test
  void append_sameSequenceFromManyThreads_oneWins() throws Exception {
    int threadCount = 8;
    int won = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(threadCount)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threadCount; i++) {
        running.add(
            threads.submit(() -> {
              journal.append(List.of(entry(ONE, 1, "Packing")));
              return null;
            }));
      }
      for (Future<?> each : running) {
        try {
          each.get();
          won++;
        } catch (ExecutionException e) {
          assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
        }
      }
    }
    assertThat(won).isEqualTo(1);
    assertThat(journal.log(ONE)).hasSize(1);
  }

  /** Refused writes in between do no harm to those that share a commit with them. */
  @Test
  void append_goodAndRefusedTogether_keepsTheGood() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        boolean good = i % 2 == 0;
        SectorId sector = SectorId.of(1000, i);
        running.add(
            threads.submit(() -> {
              for (int sequence = 1; sequence <= 20; sequence++) {
                List<Entry> entries =
                    List.of(entry(sector, good ? sequence : sequence + 1, "Packing"));
                if (good) {
                  journal.append(entries);
                } else {
                  assertThatThrownBy(() -> journal.append(entries))
                      .isInstanceOf(IllegalStateException.class);
                }
              }
              return null;
            }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    assertThat(journal.summary(MINER)).isEqualTo(Map.of("Packing", 4L));
  }
}
