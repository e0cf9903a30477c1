package io.selkie.store;

import io.selkie.abi.ActorId;
import io.selkie.abi.DealId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.SectorJournal;
import io.selkie.pipeline.query.AppendSignal;
import io.selkie.pipeline.query.EventFeed;
import io.selkie.pipeline.query.SectorFilter;
import io.selkie.pipeline.query.SectorView;
import io.selkie.pipeline.query.SectorView.Extract;
import io.selkie.pipeline.query.SectorViews;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * The journal in an SQL database: one writer that gathers concurrent appends into one commit, a few
 * readers that never wait for it. Which engine it is differs in a {@link Dialect} and nowhere else.
 *
 * <p>Every method may be called from any thread, virtual ones included. Writes queue in a bounded
 * queue and return once their commit is on disk; the first one that fails closes the journal to
 * writes for good, and every later one is refused with the place and the first cause. Reads see all
 * that has returned before they began.
 *
 * <p>The same place of the same deal named twice in a snapshot is recorded once. The character NUL,
 * which not every engine takes in a text, is recorded as its picture U+2400.
 */
public abstract sealed class SqlJournal implements SectorJournal, SectorViews, EventFeed
    permits SqliteJournal, PostgresJournal {

  private final Dialect dialect;
  private final AppendSignal appended = new AppendSignal();
  private final GroupWriter writer;
  private final ReadPool readers;

  /** Opens the connections; the schema is up to date. */
  SqlJournal(Dialect dialect) throws IOException {
    this.dialect = dialect;
    try {
      Connection connection = dialect.openWriter();
      try {
        writer = new GroupWriter(dialect, connection);
        readers = new ReadPool(dialect);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new IOException("journal " + dialect.name() + ": " + e.getMessage(), e);
    }
    writer.start();
  }

  @Override
  public void append(List<Entry> entries) throws IOException {
    List<Entry> all = List.copyOf(entries);
    all.forEach(SqlJournal::check);
    if (all.isEmpty()) {
      return;
    }
    List<Extract> extracts = extracts(all);
    write(writes -> {
      writes.append(all, extracts);
      return true;
    });
    appended.raise();
  }

  /** By the caller, for the writer is the one that all wait for. */
  private static List<Extract> extracts(List<Entry> entries) {
    List<Extract> extracts = new ArrayList<>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      // The further lines of an event carry the same sector.
      boolean same = i > 0 && isSame(entries.get(i).after(), entries.get(i - 1).after());
      extracts.add(same ? extracts.getLast() : SectorView.of(entries.get(i)));
    }
    return extracts;
  }

  private static boolean isSame(Snapshot one, Snapshot other) {
    return one.sector().equals(other.sector())
        && one.state().equals(other.state())
        && Arrays.equals(one.record(), other.record());
  }

  @Override
  public List<SectorView> page(ActorId miner, SectorFilter filter, long after, int limit)
      throws IOException {
    if (limit < 1 || limit > PAGE_LIMIT) {
      throw new IllegalArgumentException("a page of " + limit + ", not 1 to " + PAGE_LIMIT);
    }
    return readers.read(reads -> reads.queries().page(miner, filter, after, limit));
  }

  @Override
  public SortedMap<SectorNumber, SortedSet<Long>> deals(
      ActorId miner, Collection<SectorNumber> numbers) throws IOException {
    return readers.read(reads -> reads.queries().deals(miner, numbers));
  }

  @Override
  public SortedMap<SectorNumber, SortedSet<String>> pieces(
      ActorId miner, Collection<SectorNumber> numbers) throws IOException {
    return readers.read(reads -> reads.queries().pieces(miner, numbers));
  }

  @Override
  public SortedMap<SectorNumber, byte[]> records(ActorId miner, Collection<SectorNumber> numbers)
      throws IOException {
    return readers.read(reads -> reads.queries().records(miner, numbers));
  }

  @Override
  public long positionAt(Instant at) throws IOException {
    return readers.read(reads -> reads.queries().positionAt(at));
  }

  @Override
  public SortedMap<String, Long> summaryAt(ActorId miner, long position) throws IOException {
    return readers.read(reads -> reads.summaryAt(miner, position));
  }

  @Override
  public List<Happened> after(long position, int limit) throws IOException {
    return readers.read(reads -> reads.queries().happened(position, limit));
  }

  @Override
  public long lastPosition() throws IOException {
    return readers.read(reads -> reads.queries().lastPosition());
  }

  @Override
  public AppendSignal appended() {
    return appended;
  }

  @Override
  public void setTimer(SectorId sector, Optional<Timer> timer) throws IOException {
    write(writes -> {
      writes.setTimer(sector, timer);
      return true;
    });
  }

  @Override
  public Optional<Snapshot> load(SectorId sector) throws IOException {
    return readers.read(reads -> reads.load(sector));
  }

  @Override
  public Optional<Told> told(SectorId sector) throws IOException {
    return readers.read(reads -> reads.told(sector));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Read in pages, each as of one commit; {@code each} may use the journal.
   */
  @Override
  public void forEach(Consumer<Snapshot> each) throws IOException {
    long miner = -1;
    long number = -1;
    List<Snapshot> page;
    do {
      long afterMiner = miner;
      long afterNumber = number;
      page = readers.read(reads -> reads.pageAfter(afterMiner, afterNumber));
      page.forEach(each);
      if (!page.isEmpty()) {
        SectorId last = page.getLast().sector();
        miner = last.miner().value();
        number = last.number().value();
      }
    } while (!page.isEmpty());
  }

  /**
   * {@inheritDoc}
   *
   * <p>State by state in order of the numbers, in pages as {@link #forEach}.
   */
  @Override
  public void forEachInStates(ActorId miner, Set<String> states, Consumer<Snapshot> each)
      throws IOException {
    for (String state : states) {
      long number = -1;
      List<Snapshot> page;
      do {
        long after = number;
        page = readers.read(reads -> reads.pageInState(miner, state, after));
        page.forEach(each);
        if (!page.isEmpty()) {
          number = page.getLast().sector().number().value();
        }
      } while (!page.isEmpty());
    }
  }

  @Override
  public List<Recorded> entries(SectorId sector, long afterSequence) throws IOException {
    return readers.read(reads -> reads.entries(sector, afterSequence));
  }

  @Override
  public void repair(Snapshot sector) throws IOException {
    write(writes -> {
      writes.repair(sector);
      return true;
    });
  }

  @Override
  public List<SectorNumber> list(ActorId miner) throws IOException {
    return readers.read(reads -> reads.list(miner));
  }

  @Override
  public List<SectorNumber> listInStates(ActorId miner, Set<String> states) throws IOException {
    Set<String> wanted = Set.copyOf(states);
    return readers.read(reads -> reads.listInStates(miner, wanted));
  }

  @Override
  public SortedMap<String, Long> summary(ActorId miner) throws IOException {
    return readers.read(reads -> reads.summary(miner));
  }

  @Override
  public SortedMap<DealId, List<DealRef>> refs(ActorId miner) throws IOException {
    return readers.read(reads -> reads.refs(miner));
  }

  @Override
  public List<LogLine> log(SectorId sector) throws IOException {
    return readers.read(reads -> reads.log(sector));
  }

  @Override
  public boolean allocateNumber(SectorId sector) throws IOException {
    return write(writes -> writes.allocateNumber(sector));
  }

  @Override
  public List<SectorNumber> allocatedNumbers(ActorId miner) throws IOException {
    return readers.read(reads -> reads.allocatedNumbers(miner));
  }

  @Override
  public Optional<byte[]> getValue(String key) throws IOException {
    return readers.read(reads -> reads.value(key));
  }

  @Override
  public void putValue(String key, Optional<byte[]> value) throws IOException {
    write(writes -> {
      writes.putValue(key, value);
      return true;
    });
  }

  @Override
  public SortedMap<String, byte[]> values(String prefix) throws IOException {
    return readers.read(reads -> reads.values(prefix));
  }

  /** Waits for running reads, writes what is queued, and closes the file. A second call is idle. */
  @Override
  public void close() throws IOException {
    try {
      readers.close();
    } finally {
      // Last, for only a connection that may write folds the log into the database as it closes.
      writer.close();
    }
  }

  /** Commits since the opening: fewer than appends when they came together. */
  long commits() {
    return writer.commits();
  }

  /** Takes every row of a backup over, in one transaction. */
  void fill(BackupFile backup) throws IOException {
    try (Connection from = backup.open()) {
      write(writes -> {
        writes.fill(from);
        return true;
      });
    } catch (SQLException e) {
      throw new IOException("a backup cannot be read: " + e.getMessage(), e);
    }
  }

  Dialect dialect() {
    return dialect;
  }

  ReadPool readers() {
    return readers;
  }

  private <T> T write(GroupWriter.Work<T> work) throws IOException {
    try {
      return writer.write(work);
    } catch (OutOfSequence e) {
      throw new IllegalStateException(e.getMessage() + " in journal " + dialect.name(), e);
    }
  }

  private static void check(Entry entry) {
    Snapshot after = entry.after();
    if (!after.sector().equals(entry.sector()) || after.sequence() != entry.sequence()) {
      throw new IllegalArgumentException(
          "entry "
              + entry.sequence()
              + " of sector "
              + entry.sector()
              + " carries the snapshot "
              + after.sequence()
              + " of sector "
              + after.sector());
    }
    for (DealRef ref : after.refs()) {
      if (!ref.sector().equals(entry.sector().number())) {
        throw new IllegalArgumentException(
            "entry "
                + entry.sequence()
                + " of sector "
                + entry.sector()
                + " places deal "
                + ref.deal()
                + " in sector "
                + ref.sector());
      }
    }
  }
}
