package io.selkie.testkit.simulation;

import io.selkie.abi.PieceInfo;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.ChainNode.OutMessage;
import io.selkie.pipeline.RecordCodec;
import io.selkie.pipeline.SectorEvent;
import io.selkie.pipeline.SectorEvent.SectorPreCommit1;
import io.selkie.pipeline.SectorEvent.SectorPreCommit2;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorOffset;
import io.selkie.pipeline.SectorPiece;
import io.selkie.pipeline.SectorRecord;
import io.selkie.testkit.InMemoryJournal;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What must hold after every step, whatever happened before it: the books of somebody who watches
 * from outside and forgets nothing.
 */
final class Books {

  private static final Map<String, Set<String>> STATES_THAT_ASK =
      Map.of(
          "writing a piece", Set.of("AddPiece", "Packing"),
          "pre-commit 1", Set.of("PreCommit1"),
          "pre-commit 2", Set.of("PreCommit2"),
          "commit 1", Set.of("Committing"),
          "commit 2", Set.of("Committing"),
          "finalize", Set.of("FinalizeSector", "CommitFinalize"),
          "removal", Set.of("Removing"));

  private final World world;
  private final Map<SectorId, Snapshot> acknowledged = new TreeMap<>();
  private final Map<SectorId, Map<String, Long>> accepted = new HashMap<>();
  private final Set<SectorNumber> numbers = new HashSet<>();
  private final Set<SectorId> removalAsked = new HashSet<>();
  private final Set<SectorId> secondKeys = new HashSet<>();
  private final CRC32C digest = new CRC32C();
  private long frames;

  Books(World world) {
    this.world = world;
  }

  /** Stands for everything that was ever forced: two runs of a seed must agree in it. */
  long digest() {
    return digest.getValue();
  }

  long frames() {
    return frames;
  }

  void forced(byte[] frame) {
    frames++;
    digest.update(frame);
  }

  /** These entries are about to be written: what they promise must be on disk already. */
  void promised(List<Entry> entries) {
    for (Entry entry : entries) {
      if (entry.kind().equals("panic") && !entry.message().contains("a bug in")) {
        throw world.violation("a handler broke: " + entry.message() + "\n" + entry.trace());
      }
      if (entry.kind().startsWith("event") && entry.payload().length > 0) {
        promised(entry.sector(), RecordCodec.decodeEvent(entry.payload()), entry.after());
      }
    }
  }

  private void promised(SectorId sector, SectorEvent event, Snapshot after) {
    SectorFiles files = world.files();
    Optional<String> missing =
        switch (event) {
          case SectorEvent.SectorPieceAdded _, SectorEvent.SectorPacked _
              when !removalAsked.contains(sector) ->
              files.missing(sector, RecordCodec.decode(after.record()).pieceInfos());
          case SectorPreCommit1 done ->
              files.hasLabels(sector, done.preCommit1Out().bytes())
                  ? Optional.empty()
                  : Optional.of("the labels are not on disk");
          case SectorPreCommit2 done ->
              files.hasReplica(sector, done.sealed().commitment().orElseThrow())
                  ? Optional.empty()
                  : Optional.of("the replica is not on disk");
          case SectorEvent.SectorFinalized _, SectorEvent.SectorFinalizedAvailable _ ->
              files.isFinalized(sector)
                  ? Optional.empty()
                  : Optional.of("it is not finalised on disk");
          case SectorEvent.SectorRemoved _ ->
              files.isEmpty(sector) ? Optional.empty() : Optional.of("its files are still there");
          default -> Optional.empty();
        };
    if (missing.isPresent()) {
      throw world.violation(sector + " is told " + event.wireName() + ", but " + missing.get());
    }
  }

  /** These entries are on disk, and the pipeline knows it. */
  void recorded(List<Entry> entries) {
    for (Entry entry : entries) {
      Snapshot before = acknowledged.put(entry.sector(), entry.after());
      world.trace(() ->
          entry.sector()
              + " "
              + entry.kind()
              + " -> "
              + entry.after().state()
              + " "
              + (entry.kind().startsWith("event") ? "" : entry.message()));
      long last = before == null ? 0 : before.sequence();
      if (entry.sequence() <= last) {
        throw world.violation(entry.sector() + ": entry " + entry.sequence() + " after " + last);
      }
      if (before == null && !numbers.contains(entry.sector().number())) {
        throw world.violation(entry.sector() + " has a number that nobody gave out");
      }
      if (accepted.containsKey(entry.sector())) {
        checkPieces(entry.after());
      }
    }
  }

  /** A new life has read the journal: everything that was on disk is there again. */
  void reopened(InMemoryJournal journal, long found) {
    if (found < frames) {
      throw world.violation(frames + " writes were forced, and " + found + " are left");
    }
    frames = found;
    Set<SectorId> left = new HashSet<>(acknowledged.keySet());
    journal.forEach(snapshot -> {
      left.remove(snapshot.sector());
      Snapshot before = acknowledged.put(snapshot.sector(), snapshot);
      if (before != null
          && (snapshot.sequence() < before.sequence()
              || (snapshot.sequence() == before.sequence()
                  && !JournalCodec.isSame(snapshot, before)))) {
        throw world.violation(
            before.sector() + " was at entry " + before.sequence() + " and is not any more");
      }
      checkPieces(snapshot);
    });
    if (!left.isEmpty()) {
      throw world.violation("lost sectors: " + left);
    }
    journal.allocatedNumbers(world.chain().miner()).forEach(numbers::add);
  }

  /** Whether it was given out here. */
  boolean isUsed(SectorNumber number) {
    return numbers.contains(number);
  }

  /** A number is given out. */
  void allocated(SectorNumber number) {
    if (!numbers.add(number)) {
      throw world.violation("number " + number + " is given out a second time");
    }
    if (world.chain().isAllocated(number)) {
      throw world.violation("number " + number + " is in use on chain");
    }
    try {
      world
          .pipeline()
          .numbers()
          .reservations()
          .forEach((name, reserved) -> {
            if (reserved.contains(number.value())) {
              throw world.violation("number " + number + " is reserved as " + name);
            }
          });
    } catch (IOException e) {
      throw world.violation("the reservations cannot be read: " + e.getMessage());
    }
  }

  /** A caller heard that its piece is safe. */
  void accepted(SectorId sector, String identity, SectorOffset place) {
    accepted.computeIfAbsent(sector, _ -> new HashMap<>()).put(identity, place.offset());
    Snapshot snapshot = acknowledged.get(sector);
    if (snapshot == null) {
      throw world.violation("a piece was accepted in " + sector + ", which is not on disk");
    }
    checkPieces(snapshot);
  }

  private void checkPieces(Snapshot snapshot) {
    Map<String, Long> wanted = accepted.get(snapshot.sector());
    if (wanted == null) {
      return;
    }
    Map<String, Long> found = new HashMap<>();
    long offset = 0;
    for (SectorPiece piece : RecordCodec.decode(snapshot.record()).pieces()) {
      long at = offset;
      piece.dealInfo().ifPresent(info -> found.put(info.identity(), at));
      offset += piece.piece().size().bytes();
    }
    wanted.forEach((identity, at) -> {
      if (!at.equals(found.get(identity))) {
        throw world.violation(
            snapshot.sector() + " has not at " + at + " the accepted piece " + identity);
      }
    });
  }

  /** Somebody wants the sector to go, perhaps even if it is alive. */
  void asksRemoval(SectorId sector, boolean withSecondKey) {
    removalAsked.add(sector);
    if (withSecondKey) {
      secondKeys.add(sector);
    }
  }

  /** Files are about to be worked on. */
  void worksOn(Life life, String what, SectorId sector) {
    checkActing(life, what + " of " + sector);
    Snapshot durable = acknowledged.get(sector);
    String state = durable == null ? "none" : durable.state();
    if (!world.scheduler().isInterrupted()
        && !STATES_THAT_ASK.getOrDefault(what, Set.of()).contains(state)) {
      throw world.violation(what + " of " + sector + ", which on disk is in " + state);
    }
  }

  private void checkActing(Life life, String what) {
    if (life.standsStill() && world.scheduler().isLate()) {
      throw world.violation(what + " after the journal has failed");
    }
  }

  /** The replica is about to be made of these pieces. */
  void sealedFrom(SectorId sector, List<PieceInfo> pieces) {
    Optional<String> missing = world.files().missing(sector, pieces);
    if (missing.isPresent() && !removalAsked.contains(sector)) {
      throw world.violation(sector + " is sealed, but its data is gone: " + missing.get());
    }
  }

  /** Files are about to be deleted. */
  void removes(SectorId sector) {
    if (!removalAsked.contains(sector)) {
      throw world.violation(sector + " is deleted, and nobody asked for it");
    }
    Optional<String> alive = world.chain().alive(sector.number());
    if (alive.isPresent() && !secondKeys.contains(sector)) {
      throw world.violation(sector + " is deleted without a second key, but " + alive.get());
    }
  }

  /** A message is about to be pushed: it must be on disk, with its key. */
  void pushes(Life life, OutMessage message, String key) {
    if (life.isOver()) {
      return;
    }
    checkActing(life, "a push of method " + message.method());
    boolean stored =
        world.journal().values("batch/").keySet().stream().anyMatch(k -> k.endsWith("/" + key));
    if (!stored) {
      throw world.violation("a message is pushed under " + key + ", which is not on disk");
    }
  }

  /** What is on disk of a sector. */
  Optional<SectorRecord> durable(SectorId sector) {
    return Optional.ofNullable(acknowledged.get(sector)).map(s -> RecordCodec.decode(s.record()));
  }

  Map<SectorId, Snapshot> sectors() {
    return acknowledged;
  }
}
