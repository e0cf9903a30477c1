package io.selkie.store;

import static io.selkie.store.JournalEntries.START;
import static io.selkie.store.JournalEntries.deal;
import static io.selkie.store.JournalEntries.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.DealId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorJournal.Recorded;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorJournal.Timer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What every journal must do, whatever it is made of. */
abstract class SectorJournalContract extends SectorJournalHistories {

  @Test
  void everything_emptyJournal_isEmpty() throws IOException {
    assertThat(journal.load(ONE)).isEmpty();
    assertThat(journal.list(MINER)).isEmpty();
    assertThat(journal.listInStates(MINER, Set.of("Packing"))).isEmpty();
    assertThat(journal.summary(MINER)).isEmpty();
    assertThat(journal.refs(MINER)).isEmpty();
    assertThat(journal.log(ONE)).isEmpty();
    assertThat(journal.told(ONE)).isEmpty();
    assertThat(journal.allocatedNumbers(MINER)).isEmpty();
    assertThat(journal.getValue("a")).isEmpty();
    assertThat(journal.values("")).isEmpty();
    journal.append(List.of());
    journal.forEach(each -> assertThat(each).isNull());
  }

  @Test
  void load_afterAppend_isTheLastSnapshot() throws IOException {
    Timer timer =
        new Timer(START.plusMillis(5), Optional.of(new ChainEpoch(-20)), "wait for the seed");
    journal.append(List.of(entry(ONE, 1, "Packing")));
    journal.append(
        List.of(entry(ONE, 2, "WaitSeed", Optional.of(timer), List.of(deal(7, ONE, 128)))));

    Snapshot loaded = journal.load(ONE).orElseThrow();
    assertThat(loaded.sector()).isEqualTo(ONE);
    assertThat(loaded.sequence()).isEqualTo(2);
    assertThat(loaded.state()).isEqualTo("WaitSeed");
    assertThat(loaded.record()).asString().isEqualTo("s-t01000-1 is WaitSeed");
    assertThat(loaded.timer()).contains(timer);
    assertThat(loaded.refs()).containsExactly(deal(7, ONE, 128));
  }

  @Test
  void load_emptyRecordAndState_areKept() throws IOException {
    Snapshot after = new Snapshot(ONE, 1, "", new byte[0], Optional.empty(), List.of());
    journal.append(List.of(new Entry(ONE, 1, START, "", "", "", new byte[0], after)));

    assertThat(journal.load(ONE).orElseThrow().record()).isEmpty();
    assertThat(journal.load(ONE).orElseThrow().state()).isEmpty();
    assertThat(journal.list(MINER)).isEmpty();
    assertThat(journal.summary(MINER)).containsExactly(Map.entry("", 1L));
  }

  @Test
  void append_sequenceWithGapOrRepeated_isRefusedWhole() throws IOException {
    journal.append(List.of(entry(ONE, 1, "Packing")));

    for (long wrong : new long[] {0, 1, 3, 30}) {
      assertThatThrownBy(() ->
              journal.append(List.of(entry(TWO, 1, "Packing"), entry(ONE, wrong, "WaitSeed"))))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("s-t01000-1");
    }
    assertThatThrownBy(() -> journal.append(List.of(entry(TWO, 2, "Packing"))))
        .isInstanceOf(IllegalStateException.class);

    assertThat(journal.load(TWO)).isEmpty();
    assertThat(journal.log(TWO)).isEmpty();
    assertThat(journal.load(ONE).orElseThrow().sequence()).isEqualTo(1);
    assertThat(journal.summary(MINER)).containsExactly(Map.entry("Packing", 1L));
    journal.append(List.of(entry(ONE, 2, "WaitSeed")));
  }

  @Test
  void append_severalEntriesOfOneSector_followEachOther() throws IOException {
    journal.append(
        List.of(entry(ONE, 1, "Packing"), entry(TWO, 1, "Packing"), entry(ONE, 2, "GetTicket")));

    assertThat(journal.load(ONE).orElseThrow().sequence()).isEqualTo(2);
    assertThat(journal.summary(MINER)).isEqualTo(Map.of("Packing", 1L, "GetTicket", 1L));
  }

  @Test
  void log_afterAppends_isOldestFirst() throws IOException {
    journal.append(List.of(entry(ONE, 1, "Packing"), entry(TWO, 1, "Packing")));
    journal.append(List.of(entry(ONE, 2, "GetTicket")));

    assertThat(journal.told(ONE).orElseThrow().row())
        .usingRecursiveComparison()
        .isEqualTo(journal.load(ONE).orElseThrow());
    assertThat(journal.told(ONE).orElseThrow().log()).isEqualTo(journal.log(ONE));
    assertThat(journal.log(ONE))
        .containsExactly(
            new LogLine(
                "event;sealing.SectorPacking",
                START.plusSeconds(1).getEpochSecond(),
                "trace 1",
                "{\"User\":{\"n\":1}}"),
            new LogLine(
                "event;sealing.SectorGetTicket",
                START.plusSeconds(2).getEpochSecond(),
                "trace 2",
                "{\"User\":{\"n\":2}}"));
  }

  @Test
  void log_messageAndTrace_keepEveryCharacter() throws IOException {
    String text =
        "quote ' \" \\ \n tab \t \u00e9 \u4e2d \ud83d\udc1f $1 ? ${x} " + "z".repeat(70_000);
    Snapshot after = new Snapshot(ONE, 1, "Packing", new byte[1], Optional.empty(), List.of());
    journal.append(List.of(new Entry(ONE, 1, START, "kind", text, text, new byte[0], after)));

    assertThat(journal.log(ONE).getFirst().message()).isEqualTo(text);
    assertThat(journal.log(ONE).getFirst().trace()).isEqualTo(text);
  }

  @Test
  void list_manyNumbers_isBytewiseByDecimalText() throws IOException {
    long[] numbers = {9, 10, 100, 11, 101, 0, 1, Long.MAX_VALUE, 92, 922, 1_000_000_000_000L};
    for (long number : numbers) {
      journal.append(List.of(entry(SectorId.of(1000, number), 1, "Proving")));
    }
    journal.append(List.of(entry(SectorId.of(1001, 5), 1, "Proving")));
    journal.append(List.of(entry(SectorId.of(1000, 7), 1, "")));
    List<String> expected = new ArrayList<>();
    for (long number : numbers) {
      expected.add(Long.toString(number));
    }
    expected.sort(null);

    assertThat(journal.list(MINER)).map(SectorNumber::toString).isEqualTo(expected);
    assertThat(journal.listInStates(MINER, Set.of("Proving", "Packing")))
        .map(SectorNumber::toString)
        .isEqualTo(expected);
  }

  @Test
  void listInStates_severalStates_mergesThem() throws IOException {
    journal.append(List.of(entry(SectorId.of(1000, 10), 1, "Packing")));
    journal.append(List.of(entry(SectorId.of(1000, 9), 1, "Proving")));
    journal.append(List.of(entry(SectorId.of(1000, 100), 1, "Proving")));
    journal.append(List.of(entry(SectorId.of(1000, 3), 1, "Removed")));

    assertThat(journal.listInStates(MINER, Set.of("Proving", "Packing")))
        .extracting(SectorNumber::value)
        .containsExactly(10L, 100L, 9L);
    assertThat(journal.listInStates(MINER, Set.of())).isEmpty();
    assertThat(journal.listInStates(MINER, Set.of("proving"))).isEmpty();
  }

  @Test
  void refs_replacedAndKept_areInOrderOfRecording() throws IOException {
    journal.append(List.of(entry(TWO, 1, "Packing", Optional.empty(), List.of(deal(5, TWO, 256)))));
    journal.append(
        List.of(
            entry(
                ONE,
                1,
                "Packing",
                Optional.empty(),
                List.of(deal(10, ONE, 0), deal(5, ONE, 128)))));
    journal.append(List.of(entry(TWO, 2, "Proving", Optional.empty(), List.of(deal(5, TWO, 256)))));

    assertThat(journal.refs(MINER).keySet()).containsExactly(new DealId(5), new DealId(10));
    assertThat(journal.refs(MINER).get(new DealId(5)))
        .containsExactly(deal(5, TWO, 256), deal(5, ONE, 128));
    assertThat(journal.load(ONE).orElseThrow().refs())
        .containsExactly(deal(10, ONE, 0), deal(5, ONE, 128));

    journal.append(List.of(entry(ONE, 2, "Removed", Optional.empty(), List.of())));
    assertThat(journal.refs(MINER)).isEqualTo(Map.of(new DealId(5), List.of(deal(5, TWO, 256))));
  }

  @Test
  void setTimer_withoutEvent_replacesAndRemoves() throws IOException {
    journal.append(List.of(entry(ONE, 1, "WaitSeed")));
    Timer first = new Timer(START, Optional.of(new ChainEpoch(150)), "seed");
    Timer second = new Timer(Instant.MAX, Optional.empty(), "look again");

    journal.setTimer(ONE, Optional.of(first));
    assertThat(journal.load(ONE).orElseThrow().timer()).contains(first);
    journal.setTimer(ONE, Optional.of(second));
    assertThat(journal.load(ONE).orElseThrow().timer()).contains(second);
    journal.setTimer(ONE, Optional.empty());
    assertThat(journal.load(ONE).orElseThrow().timer()).isEmpty();
    assertThat(journal.load(ONE).orElseThrow().sequence()).isEqualTo(1);
  }

  @Test
  void forEach_manySectors_visitsAllInOrderOfTheirIds() throws IOException {
    List<SectorId> expected = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    for (long miner : new long[] {1001, 7}) {
      for (long number = 0; number < 700; number++) {
        entries.add(entry(SectorId.of(miner, number), 1, "Packing"));
        expected.add(SectorId.of(miner, number));
      }
    }
    journal.append(entries);
    expected.sort(null);
    List<SectorId> seen = new ArrayList<>();

    journal.forEach(each -> seen.add(each.sector()));

    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void forEachInStates_manySectors_visitsOnlyThose() throws IOException {
    List<Entry> entries = new ArrayList<>();
    Set<SectorId> expected = new TreeSet<>();
    String[] states = {"Packing", "Proving", "WaitSeed", ""};
    for (long number = 0; number < 2_400; number++) {
      SectorId sector = SectorId.of(1000, number);
      String state = states[(int) (number % 4)];
      entries.add(entry(sector, 1, state));
      if (number % 4 == 0 || number % 4 == 2) {
        expected.add(sector);
      }
    }
    entries.add(entry(SectorId.of(1001, 1), 1, "Packing"));
    journal.append(entries);
    List<Snapshot> seen = new ArrayList<>();

    journal.forEachInStates(MINER, Set.of("Packing", "WaitSeed", "Nowhere"), seen::add);

    assertThat(seen).hasSameSizeAs(expected);
    assertThat(seen).extracting(Snapshot::sector).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(seen)
        .allSatisfy(each ->
            assertThat(each.record()).asString().endsWith(each.sector() + " is " + each.state()));
    journal.forEachInStates(MINER, Set.of(), each -> assertThat(each).isNull());
  }

  @Test
  void entries_manyEntries_areThereInPagesAndInOrder() throws IOException {
    List<Entry> all = new ArrayList<>();
    for (long sequence = 1; sequence <= 150; sequence++) {
      all.add(entry(ONE, sequence, "State" + sequence % 5));
    }
    journal.append(all);
    journal.append(List.of(entry(TWO, 1, "Packing")));
    List<Recorded> read = new ArrayList<>();
    List<Recorded> page = journal.entries(ONE, 0);
    while (!page.isEmpty()) {
      read.addAll(page);
      page = journal.entries(ONE, page.getLast().sequence());
    }

    assertThat(read)
        .usingRecursiveComparison()
        .isEqualTo(
            all.stream()
                .map(e ->
                    new Recorded(e.sequence(), e.at(), e.kind(), e.payload(), e.after().state()))
                .toList());
    assertThat(journal.entries(SectorId.of(1000, 3), 0)).isEmpty();
  }

  @Test
  void repair_row_isReplacedAndCountedAgain() throws IOException {
    journal.append(
        List.of(
            entry(ONE, 1, "Packing", Optional.empty(), List.of(deal(5, ONE, 0))),
            entry(TWO, 1, "Packing")));
    journal.append(List.of(entry(ONE, 2, "Proving", Optional.empty(), List.of(deal(5, ONE, 0)))));
    Timer timer = new Timer(START, Optional.empty(), "look");
    Snapshot repaired =
        new Snapshot(ONE, 2, "WaitSeed", new byte[] {7}, Optional.of(timer), List.of());

    journal.repair(repaired);

    assertThat(journal.load(ONE).orElseThrow()).usingRecursiveComparison().isEqualTo(repaired);
    assertThat(journal.summary(MINER)).isEqualTo(Map.of("Packing", 1L, "WaitSeed", 1L));
    assertThat(journal.refs(MINER)).isEmpty();
    assertThat(journal.log(ONE)).hasSize(2);
    journal.append(List.of(entry(ONE, 3, "Proving")));
    for (Snapshot wrong : List.of(repaired, entry(SectorId.of(1000, 9), 1, "Packing").after())) {
      assertThatThrownBy(() -> journal.repair(wrong)).isInstanceOf(IllegalStateException.class);
    }
    assertThat(journal.summary(MINER)).isEqualTo(Map.of("Packing", 1L, "Proving", 1L));
  }

  @Test
  void setTimer_unknownSector_isRefused() throws IOException {
    Timer timer = new Timer(START, Optional.empty(), "look");
    assertThatThrownBy(() -> journal.setTimer(ONE, Optional.of(timer)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("s-t01000-1");
    journal.append(List.of(entry(ONE, 1, "Packing")));
  }

  @Test
  void allocateNumber_again_isFalse() throws IOException {
    assertThat(journal.allocateNumber(TWO)).isTrue();
    assertThat(journal.allocateNumber(ONE)).isTrue();
    assertThat(journal.allocateNumber(SectorId.of(1001, 2))).isTrue();
    assertThat(journal.allocateNumber(SectorId.of(1000, 10))).isTrue();
    assertThat(journal.allocateNumber(TWO)).isFalse();

    assertThat(journal.allocatedNumbers(MINER))
        .extracting(SectorNumber::value)
        .containsExactly(1L, 2L, 10L);
  }

  @Test
  void values_putReplacedAndRemoved_areByPrefix() throws IOException {
    journal.putValue("batch/b", Optional.of(new byte[] {1}));
    journal.putValue("batch/a", Optional.of(new byte[0]));
    journal.putValue("batch", Optional.of(new byte[] {3}));
    journal.putValue("batch0", Optional.of(new byte[] {4}));
    journal.putValue("reservation/%_", Optional.of(new byte[] {5}));
    journal.putValue("batch/b", Optional.of(new byte[] {2, 2}));

    assertThat(journal.getValue("batch/b")).hasValueSatisfying(v -> assertThat(v).contains(2, 2));
    assertThat(journal.getValue("batch/a")).hasValueSatisfying(v -> assertThat(v).isEmpty());
    assertThat(journal.values("batch/").keySet()).containsExactly("batch/a", "batch/b");
    assertThat(journal.values("")).hasSize(5);
    assertThat(journal.values("%")).isEmpty();

    journal.putValue("batch/b", Optional.empty());
    journal.putValue("batch/never", Optional.empty());
    assertThat(journal.getValue("batch/b")).isEmpty();
  }

  @Test
  void write_afterClose_isRefused() throws IOException {
    journal.close();
    assertThatThrownBy(() -> journal.append(List.of(entry(ONE, 1, "Packing"))))
        .isInstanceOf(IOException.class);
  }
}
