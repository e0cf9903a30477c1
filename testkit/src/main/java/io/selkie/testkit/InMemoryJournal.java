package io.selkie.testkit;

import io.selkie.abi.ActorId;
import io.selkie.abi.DealId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.SectorJournal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A journal that remembers everything, and can stop being written after a number of writes, as if
 * the process had been killed then.
 */
public final class InMemoryJournal implements SectorJournal {

  /** A deal's place, in order of recording. */
  private record Place(SectorId sector, DealRef ref) {}

  private static final class Data {
    private final List<Entry> entries = new ArrayList<>();
    private final SortedMap<SectorId, Snapshot> sectors = new TreeMap<>();
    private final List<Place> refs = new ArrayList<>();
    private final Set<SectorId> numbers = new HashSet<>();
    private final SortedMap<String, byte[]> values = new TreeMap<>();
  }

  private final Data data;
  private long writesLeft = Long.MAX_VALUE;
  private long writes;

  /** An empty journal. */
  public InMemoryJournal() {
    this(new Data());
  }

  private InMemoryJournal(Data data) {
    this.data = data;
  }

  /** After this many more writes every further one fails, as after a crash. */
  public void failAfter(long more) {
    synchronized (data) {
      writesLeft = more;
    }
  }

  /** How many writes there were. */
  public long writes() {
    synchronized (data) {
      return writes;
    }
  }

  /** Whether a write was refused already. */
  public boolean isDead() {
    synchronized (data) {
      return writesLeft <= 0;
    }
  }

  /** The same data, as a new process finds it; this one cannot be written any more. */
  public InMemoryJournal reopened() {
    synchronized (data) {
      writesLeft = 0;
      return new InMemoryJournal(data);
    }
  }

  /** All entries in order. */
  public List<Entry> entries() {
    synchronized (data) {
      return List.copyOf(data.entries);
    }
  }

  private void write() throws IOException {
    if (writesLeft <= 0) {
      throw new IOException("the journal was closed by a crash");
    }
    writesLeft--;
    writes++;
  }

  @Override
  public void append(List<Entry> entries) throws IOException {
    synchronized (data) {
      check(entries);
      write();
      for (Entry entry : entries) {
        data.entries.add(entry);
        replace(entry.after());
      }
    }
  }

  private void replace(Snapshot after) {
    data.sectors.put(after.sector(), after);
    data.refs.removeIf(
        place -> place.sector().equals(after.sector()) && !after.refs().contains(place.ref()));
    for (DealRef ref : after.refs()) {
      Place place = new Place(after.sector(), ref);
      if (!data.refs.contains(place)) {
        data.refs.add(place);
      }
    }
  }

  /** All of them before any is applied: an append is one transaction. */
  private void check(List<Entry> entries) {
    Map<SectorId, Long> last = new HashMap<>();
    for (Entry entry : entries) {
      Snapshot before = data.sectors.get(entry.sector());
      long expected = 1 + last.getOrDefault(entry.sector(), before == null ? 0 : before.sequence());
      if (entry.sequence() != expected) {
        throw new IllegalStateException(
            entry.sector() + ": entry " + entry.sequence() + ", expected " + expected);
      }
      last.put(entry.sector(), entry.sequence());
    }
  }

  @Override
  public void setTimer(SectorId sector, Optional<Timer> timer) throws IOException {
    synchronized (data) {
      write();
      Snapshot old = data.sectors.get(sector);
      if (old == null) {
        throw new IllegalStateException(sector + " has no entry");
      }
      data.sectors.put(
          sector,
          new Snapshot(sector, old.sequence(), old.state(), old.record(), timer, old.refs()));
    }
  }

  @Override
  public Optional<Snapshot> load(SectorId sector) {
    synchronized (data) {
      return Optional.ofNullable(data.sectors.get(sector));
    }
  }

  @Override
  public void forEach(Consumer<Snapshot> each) {
    List<Snapshot> all;
    synchronized (data) {
      all = List.copyOf(data.sectors.values());
    }
    all.forEach(each);
  }

  @Override
  public void forEachInStates(ActorId miner, Set<String> states, Consumer<Snapshot> each) {
    forEach(snapshot -> {
      if (snapshot.sector().miner().equals(miner) && states.contains(snapshot.state())) {
        each.accept(snapshot);
      }
    });
  }

  @Override
  public List<SectorNumber> list(ActorId miner) {
    return numbers(miner, s -> !s.state().isEmpty());
  }

  @Override
  public List<SectorNumber> listInStates(ActorId miner, Set<String> states) {
    return numbers(miner, s -> states.contains(s.state()));
  }

  private List<SectorNumber> numbers(ActorId miner, Predicate<Snapshot> wanted) {
    synchronized (data) {
      return data.sectors.values().stream()
          .filter(s -> s.sector().miner().equals(miner))
          .filter(wanted)
          .map(s -> s.sector().number())
          .sorted(Comparator.comparing(SectorNumber::toString))
          .toList();
    }
  }

  @Override
  public SortedMap<String, Long> summary(ActorId miner) {
    synchronized (data) {
      SortedMap<String, Long> counts = new TreeMap<>();
      data.sectors.values().stream()
          .filter(s -> s.sector().miner().equals(miner))
          .forEach(s -> counts.merge(s.state(), 1L, Long::sum));
      return counts;
    }
  }

  @Override
  public SortedMap<DealId, List<DealRef>> refs(ActorId miner) {
    synchronized (data) {
      SortedMap<DealId, List<DealRef>> refs = new TreeMap<>();
      data.refs.stream()
          .filter(place -> place.sector().miner().equals(miner))
          .map(Place::ref)
          .forEach(r -> refs.computeIfAbsent(r.deal(), _ -> new ArrayList<>()).add(r));
      return refs;
    }
  }

  @Override
  public List<LogLine> log(SectorId sector) {
    synchronized (data) {
      return data.entries.stream()
          .filter(e -> e.sector().equals(sector))
          .map(e -> new LogLine(e.kind(), e.at().getEpochSecond(), e.trace(), e.message()))
          .toList();
    }
  }

  @Override
  public List<Recorded> entries(SectorId sector, long afterSequence) {
    synchronized (data) {
      return data.entries.stream()
          .filter(e -> e.sector().equals(sector) && e.sequence() > afterSequence)
          .map(e ->
              new Recorded(e.sequence(), e.at(), e.kind(), e.payload().clone(), e.after().state()))
          .toList();
    }
  }

  @Override
  public void repair(Snapshot sector) throws IOException {
    synchronized (data) {
      long last = data.entries.stream().filter(e -> e.sector().equals(sector.sector())).count();
      if (last == 0 || sector.sequence() != last) {
        throw new IllegalStateException(
            sector.sector() + ": repair as of " + sector.sequence() + ", last entry " + last);
      }
      write();
      replace(sector);
    }
  }

  /** Changes a sector's row behind everybody's back, as a bad disk does. */
  public void damage(SectorId sector, UnaryOperator<Snapshot> how) {
    synchronized (data) {
      data.sectors.computeIfPresent(sector, (_, snapshot) -> how.apply(snapshot));
    }
  }

  @Override
  public boolean allocateNumber(SectorId sector) throws IOException {
    synchronized (data) {
      write();
      return data.numbers.add(sector);
    }
  }

  @Override
  public List<SectorNumber> allocatedNumbers(ActorId miner) {
    synchronized (data) {
      return data.numbers.stream()
          .filter(s -> s.miner().equals(miner))
          .map(SectorId::number)
          .sorted()
          .toList();
    }
  }

  @Override
  public Optional<byte[]> getValue(String key) {
    synchronized (data) {
      return Optional.ofNullable(data.values.get(key)).map(byte[]::clone);
    }
  }

  @Override
  public void putValue(String key, Optional<byte[]> value) throws IOException {
    synchronized (data) {
      write();
      value.ifPresentOrElse(v -> data.values.put(key, v.clone()), () -> data.values.remove(key));
    }
  }

  @Override
  public SortedMap<String, byte[]> values(String prefix) {
    synchronized (data) {
      SortedMap<String, byte[]> found = new TreeMap<>();
      for (Map.Entry<String, byte[]> entry : data.values.tailMap(prefix).entrySet()) {
        if (entry.getKey().startsWith(prefix)) {
          found.put(entry.getKey(), entry.getValue().clone());
        }
      }
      return Collections.unmodifiableSortedMap(found);
    }
  }

  @Override
  public void close() {
    synchronized (data) {
      writesLeft = 0;
    }
  }
}
