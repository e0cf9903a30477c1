package io.selkie.testkit.simulation;

import io.selkie.abi.ActorId;
import io.selkie.abi.DealId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.SectorJournal;
import io.selkie.testkit.InMemoryJournal;
import io.selkie.testkit.simulation.Faults.Kind;
import io.selkie.testkit.simulation.JournalCodec.Found;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A journal on a simulated disk: every write is a frame that is forced, and a life begins with
 * reading all frames again. A write that failed is the last one, as the port demands.
 */
final class DiskJournal implements SectorJournal {

  private final World world;
  private final SimulatedDisk disk;
  private final Life life;
  private final Faults faults;
  private final RandomGenerator random;
  private final Books books;
  private final InMemoryJournal memory = new InMemoryJournal();
  private boolean broken;

  private DiskJournal(World world, SimulatedDisk disk, Life life, RandomGenerator random) {
    this.world = world;
    this.disk = disk;
    this.life = life;
    this.faults = world.faults();
    this.random = random;
    this.books = world.books();
  }

  /** Reads what is on the disk; a torn end is cut off. */
  static DiskJournal open(World world, SimulatedDisk disk, Life life, RandomGenerator random) {
    DiskJournal journal = new DiskJournal(world, disk, life, random);
    try {
      Found found = JournalCodec.replay(disk.content(), journal.memory);
      disk.cutAt(found.length());
      journal.books.reopened(journal.memory, found.frames());
    } catch (IOException e) {
      throw new Violation("the journal cannot be read again: " + e.getMessage(), e);
    }
    return journal;
  }

  /** What it has read and written. */
  InMemoryJournal memory() {
    return memory;
  }

  private void write(byte[] frame) throws IOException {
    if (life.isOver()) {
      throw new IOException("the process is dead");
    }
    if (broken) {
      throw new IOException("the journal has failed before");
    }
    if (faults.strikes(Kind.CRASH_BEFORE_WRITE)) {
      die();
    }
    if (faults.strikes(Kind.DISK_FULL)) {
      broken = true;
      world.trace(() -> "  the disk is full");
      disk.writeUntilFull(frame, random);
    }
    disk.write(frame);
    if (faults.strikes(Kind.CRASH_TORN_WRITE)) {
      die();
    }
    if (faults.strikes(Kind.FORCE_FAILS)) {
      broken = true;
      world.trace(() -> "  the disk does not force");
      throw new IOException("input/output error");
    }
    disk.force();
    if (faults.strikes(Kind.CRASH_AFTER_WRITE)) {
      die();
    }
    books.forced(frame);
  }

  private void die() throws IOException {
    world.trace(() -> "  killed at a write of the journal");
    life.end();
    throw new IOException("the process is dead");
  }

  @Override
  public void append(List<Entry> entries) throws IOException {
    if (!life.isOver()) {
      books.promised(entries);
    }
    write(JournalCodec.entries(entries));
    memory.append(entries);
    books.recorded(entries);
  }

  @Override
  public void setTimer(SectorId sector, Optional<Timer> timer) throws IOException {
    write(JournalCodec.timer(sector, timer));
    memory.setTimer(sector, timer);
  }

  @Override
  public boolean allocateNumber(SectorId sector) throws IOException {
    if (memory.allocatedNumbers(sector.miner()).contains(sector.number())) {
      return false;
    }
    write(JournalCodec.number(sector));
    books.allocated(sector.number());
    return world.sabotage() == Sabotage.NUMBERS_FORGOTTEN || memory.allocateNumber(sector);
  }

  @Override
  public void putValue(String key, Optional<byte[]> value) throws IOException {
    write(JournalCodec.value(key, value));
    memory.putValue(key, value);
  }

  @Override
  public void repair(Snapshot sector) {
    throw new UnsupportedOperationException("no row is ever damaged here");
  }

  @Override
  public Optional<Snapshot> load(SectorId sector) {
    return memory.load(sector);
  }

  @Override
  public void forEach(Consumer<Snapshot> each) {
    memory.forEach(each);
  }

  @Override
  public void forEachInStates(ActorId miner, Set<String> states, Consumer<Snapshot> each) {
    memory.forEachInStates(miner, states, each);
  }

  @Override
  public List<Recorded> entries(SectorId sector, long afterSequence) {
    return memory.entries(sector, afterSequence);
  }

  @Override
  public List<SectorNumber> list(ActorId miner) {
    return memory.list(miner);
  }

  @Override
  public List<SectorNumber> listInStates(ActorId miner, Set<String> states) {
    return memory.listInStates(miner, states);
  }

  @Override
  public SortedMap<String, Long> summary(ActorId miner) {
    return memory.summary(miner);
  }

  @Override
  public SortedMap<DealId, List<DealRef>> refs(ActorId miner) {
    return memory.refs(miner);
  }

  @Override
  public List<LogLine> log(SectorId sector) {
    return memory.log(sector);
  }

  @Override
  public List<SectorNumber> allocatedNumbers(ActorId miner) {
    return memory.allocatedNumbers(miner);
  }

  @Override
  public Optional<byte[]> getValue(String key) {
    return memory.getValue(key);
  }

  @Override
  public SortedMap<String, byte[]> values(String prefix) {
    return memory.values(prefix);
  }

  @Override
  public void close() {
    broken = true;
  }
}
