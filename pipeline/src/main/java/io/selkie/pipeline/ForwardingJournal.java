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
import java.util.function.Consumer;

/** A journal before another one; whatever is not overridden goes straight through. */
public abstract class ForwardingJournal implements SectorJournal {

  protected final SectorJournal journal;

  /**
   * @param journal does the work
   */
  protected ForwardingJournal(SectorJournal journal) {
    this.journal = journal;
  }

  @Override
  public void append(List<Entry> entries) throws IOException {
    journal.append(entries);
  }

  @Override
  public void setTimer(SectorId sector, Optional<Timer> timer) throws IOException {
    journal.setTimer(sector, timer);
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
  public List<Recorded> entries(SectorId sector, long afterSequence) throws IOException {
    return journal.entries(sector, afterSequence);
  }

  @Override
  public void repair(Snapshot sector) throws IOException {
    journal.repair(sector);
  }

  @Override
  public boolean allocateNumber(SectorId sector) throws IOException {
    return journal.allocateNumber(sector);
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
  public void putValue(String key, Optional<byte[]> value) throws IOException {
    journal.putValue(key, value);
  }

  @Override
  public SortedMap<String, byte[]> values(String prefix) throws IOException {
    return journal.values(prefix);
  }

  @Override
  public void close() throws IOException {
    journal.close();
  }
}
