package io.selkie.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.DealId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.SectorJournal;
import io.selkie.pipeline.SectorJournal.DealRef;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorJournal.Timer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The simplest thing that does what a journal does; takes random steps together with one. */
final class JournalModel {

  private static final String[] STATES = {"", "Packing", "PreCommit1", "WaitSeed", "Proving"};

  private final ActorId miner;
  private final Random random;
  private final TreeMap<SectorId, Snapshot> sectors = new TreeMap<>();
  private final TreeMap<SectorId, Long> entries = new TreeMap<>();
  private final Set<SectorNumber> numbers = new TreeSet<>();
  private final TreeMap<String, byte[]> values = new TreeMap<>();
  private final Set<DealRef> refs = new LinkedHashSet<>();

  JournalModel(ActorId miner, Random random) {
    this.miner = miner;
    this.random = random;
  }

  void step(SectorJournal journal) throws IOException {
    switch (random.nextInt(8)) {
      case 0 -> {
        SectorId sector = anySector();
        assertThat(journal.allocateNumber(sector)).isEqualTo(numbers.add(sector.number()));
      }
      case 1 -> {
        String key = miner + "/" + random.nextInt(6);
        Optional<byte[]> value =
            random.nextInt(3) == 0 ? Optional.empty() : Optional.of(bytes(random.nextInt(40)));
        journal.putValue(key, value);
        value.ifPresentOrElse(v -> values.put(key, v), () -> values.remove(key));
      }
      case 2 -> setTimer(journal);
      case 3 -> {
        List<Entry> bad = appendable();
        Entry last = bad.getLast();
        bad.add(entry(last.sector(), last.sequence() + 1 + random.nextInt(1, 5)));
        assertThatThrownBy(() -> journal.append(bad)).isInstanceOf(IllegalStateException.class);
      }
      default -> {
        List<Entry> good = appendable();
        journal.append(good);
        good.forEach(this::apply);
      }
    }
  }

  private void setTimer(SectorJournal journal) throws IOException {
    if (sectors.isEmpty()) {
      return;
    }
    SectorId sector = List.copyOf(sectors.keySet()).get(random.nextInt(sectors.size()));
    Optional<Timer> timer = timer();
    journal.setTimer(sector, timer);
    sectors.computeIfPresent(
        sector,
        (_, old) ->
            new Snapshot(sector, old.sequence(), old.state(), old.record(), timer, old.refs()));
  }

  /** One to three entries that follow what is recorded and each other. */
  private List<Entry> appendable() {
    List<Entry> all = new ArrayList<>();
    Map<SectorId, Long> last = new TreeMap<>(entries);
    int count = random.nextInt(1, 4);
    for (int i = 0; i < count; i++) {
      SectorId sector = anySector();
      all.add(entry(sector, last.merge(sector, 1L, Long::sum)));
    }
    return all;
  }

  private Entry entry(SectorId sector, long sequence) {
    List<DealRef> places = new ArrayList<>();
    for (int i = 0; i < random.nextInt(3); i++) {
      // One place per deal, always the same size: a place that changes its size is another matter.
      places.add(new DealRef(new DealId(1 + random.nextInt(4)), sector.number(), 128L * i, 127));
    }
    String state = STATES[random.nextInt(STATES.length)];
    return new Entry(
        sector,
        sequence,
        JournalEntries.START.plusNanos(random.nextLong(1_000_000_000_000L)),
        "event;" + state,
        "message " + sequence,
        "",
        bytes(random.nextInt(200)),
        new Snapshot(sector, sequence, state, bytes(random.nextInt(300)), timer(), places));
  }

  private void apply(Entry entry) {
    sectors.put(entry.sector(), entry.after());
    entries.put(entry.sector(), entry.sequence());
    refs.removeIf(
        ref -> ref.sector().equals(entry.sector().number()) && !entry.after().refs().contains(ref));
    refs.addAll(entry.after().refs());
  }

  void check(SectorJournal journal, String as) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    Map<SectorId, Snapshot> seen = new TreeMap<>();
    journal.forEach(each -> {
      if (each.sector().miner().equals(miner)) {
        seen.put(each.sector(), each);
      }
    });
    assertThat(seen.keySet()).as(as).isEqualTo(sectors.keySet());
    for (Snapshot sector : sectors.values()) {
      counts.merge(sector.state(), 1L, Long::sum);
      Snapshot loaded = journal.load(sector.sector()).orElseThrow();
      for (Snapshot found : List.of(loaded, seen.getOrDefault(sector.sector(), loaded))) {
        assertThat(found)
            .as(as)
            .usingRecursiveComparison()
            .ignoringFields("refs")
            .isEqualTo(sector);
        assertThat(found.refs()).as(as).containsExactlyInAnyOrderElementsOf(sector.refs());
      }
      assertThat(journal.log(sector.sector())).as(as).hasSize((int) sector.sequence());
    }
    assertThat(journal.summary(miner)).as(as).isEqualTo(counts);
    for (String state : STATES) {
      assertThat(journal.listInStates(miner, Set.of(state)))
          .as(as)
          .hasSize(counts.getOrDefault(state, 0L).intValue());
    }
    Map<DealId, List<DealRef>> byDeal = new TreeMap<>();
    refs.forEach(ref -> byDeal.computeIfAbsent(ref.deal(), _ -> new ArrayList<>()).add(ref));
    assertThat(journal.refs(miner)).as(as).isEqualTo(byDeal);
    assertThat(journal.allocatedNumbers(miner)).as(as).containsExactlyElementsOf(numbers);
    assertThat(journal.values(miner + "/")).as(as).usingRecursiveComparison().isEqualTo(values);
  }

  private Optional<Timer> timer() {
    return random.nextBoolean()
        ? Optional.empty()
        : Optional.of(
            new Timer(
                JournalEntries.START.plusSeconds(random.nextInt()),
                random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(new ChainEpoch(random.nextInt())),
                "wait " + random.nextInt()));
  }

  private SectorId anySector() {
    return new SectorId(miner, new SectorNumber(random.nextInt(12)));
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
