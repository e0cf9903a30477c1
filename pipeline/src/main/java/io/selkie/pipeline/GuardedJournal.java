package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.DealId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal as the whole pipeline writes it: the first write that fails, whoever's it was, is the
 * last one. A force that failed must not be tried again, because the second one would succeed
 * without the bytes of the first.
 */
final class GuardedJournal implements SectorJournal {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedJournal.class);

  private interface Write<T> {
    T run() throws IOException;
  }

  private interface VoidWrite {
    void run() throws IOException;
  }

  private final SectorJournal journal;
  private final Consumer<IOException> told;
  private final AtomicReference<@Nullable IOException> failed = new AtomicReference<>();

  /**
   * A guard before that journal.
   *
   * @param told once, of the first failure; must return at once
   */
  GuardedJournal(SectorJournal journal, Consumer<IOException> told) {
    this.journal = journal;
    this.told = told;
  }

  /** Whether it can still be written. */
  boolean isWritable() {
    return failed.get() == null;
  }

  /**
   * @throws JournalFailure if it cannot be written any more
   */
  void check() {
    IOException cause = failed.get();
    if (cause != null) {
      throw new JournalFailure(cause);
    }
  }

  /** Refuses every further write. */
  void shut() {
    failed.compareAndSet(null, new IOException("the pipeline is closed"));
  }

  private <T> T write(Write<T> write) throws IOException {
    IOException before = failed.get();
    if (before != null) {
      throw new IOException("not written, because of an earlier failure", before);
    }
    try {
      return write.run();
    } catch (IOException e) {
      if (failed.compareAndSet(null, e)) {
        LOG.error("the journal cannot be written; no sector moves any more", e);
        told.accept(e);
      }
      throw e;
    }
  }

  private void writeVoid(VoidWrite write) throws IOException {
    Boolean _ =
        write(() -> {
          write.run();
          return true;
        });
  }

  @Override
  public void append(List<Entry> entries) throws IOException {
    writeVoid(() -> journal.append(entries));
  }

  @Override
  public void setTimer(SectorId sector, Optional<Timer> timer) throws IOException {
    writeVoid(() -> journal.setTimer(sector, timer));
  }

  @Override
  public void repair(Snapshot sector) throws IOException {
    writeVoid(() -> journal.repair(sector));
  }

  @Override
  public boolean allocateNumber(SectorId sector) throws IOException {
    return write(() -> journal.allocateNumber(sector));
  }

  @Override
  public void putValue(String key, Optional<byte[]> value) throws IOException {
    writeVoid(() -> journal.putValue(key, value));
  }

  @Override
  public Optional<Snapshot> load(SectorId sector) throws IOException {
    return journal.load(sector);
  }

  @Override
  public Optional<Told> told(SectorId sector) throws IOException {
    return journal.told(sector);
  }

  @Override
  public void forEach(Consumer<Snapshot> each) throws IOException {
    journal.forEach(each);
  }

  @Override
  public void forEachInStates(ActorId miner, Set<String> states, Consumer<Snapshot> each)
      throws IOException {
    journal.forEachInStates(miner, states, each);
  }

  @Override
  public List<Recorded> entries(SectorId sector, long afterSequence) throws IOException {
    return journal.entries(sector, afterSequence);
  }

  @Override
  public List<SectorNumber> list(ActorId miner) throws IOException {
    return journal.list(miner);
  }

  @Override
  public List<SectorNumber> listInStates(ActorId miner, Set<String> states) throws IOException {
    return journal.listInStates(miner, states);
  }

  @Override
  public SortedMap<String, Long> summary(ActorId miner) throws IOException {
    return journal.summary(miner);
  }

  @Override
  public SortedMap<DealId, List<DealRef>> refs(ActorId miner) throws IOException {
    return journal.refs(miner);
  }

  @Override
  public List<LogLine> log(SectorId sector) throws IOException {
    return journal.log(sector);
  }

  @Override
  public List<SectorNumber> allocatedNumbers(ActorId miner) throws IOException {
    return journal.allocatedNumbers(miner);
  }

  @Override
  public Optional<byte[]> getValue(String key) throws IOException {
    return journal.getValue(key);
  }

  @Override
  public SortedMap<String, byte[]> values(String prefix) throws IOException {
    return journal.values(prefix);
  }

  /** Does not close the journal behind it: that is its owner's. */
  @Override
  public void close() {
    shut();
  }
}
