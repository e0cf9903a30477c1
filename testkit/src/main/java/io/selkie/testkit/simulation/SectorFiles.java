package io.selkie.testkit.simulation;

import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.SectorId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The files of all sectors, as far as it matters whether they are whole. What was written and not
 * forced is lost or damaged when the machine stops.
 */
final class SectorFiles {

  /** Something that was written, and whether it would survive. */
  private static final class Stored<T> {
    private final T content;
    private boolean forced;
    private boolean damaged;

    Stored(T content) {
      this.content = content;
    }

    boolean isGood() {
      return forced && !damaged;
    }
  }

  private static final class OfOne {
    private final TreeMap<Long, Stored<PieceInfo>> pieces = new TreeMap<>();
    private Optional<Stored<byte[]>> labels = Optional.empty();
    private Optional<Stored<Commitment>> replica = Optional.empty();
    private Optional<Stored<Boolean>> finalized = Optional.empty();

    List<Stored<?>> all() {
      List<Stored<?>> all = new ArrayList<>(pieces.values());
      labels.ifPresent(all::add);
      replica.ifPresent(all::add);
      finalized.ifPresent(all::add);
      return all;
    }
  }

  private final Map<SectorId, OfOne> sectors = new TreeMap<>();
  private final boolean lies;

  /** None. */
  SectorFiles(Sabotage sabotage) {
    this.lies = sabotage == Sabotage.SEALER_LIES;
  }

  private OfOne of(SectorId sector) {
    return sectors.computeIfAbsent(sector, _ -> new OfOne());
  }

  /** Overwrites whatever lies there. */
  void writePiece(SectorId sector, long offset, PieceInfo piece) {
    TreeMap<Long, Stored<PieceInfo>> pieces = of(sector).pieces;
    long end = offset + piece.size().bytes();
    pieces
        .entrySet()
        .removeIf(old ->
            old.getKey() < end && old.getKey() + old.getValue().content.size().bytes() > offset);
    pieces.put(offset, new Stored<>(piece));
  }

  void writeLabels(SectorId sector, byte[] out) {
    OfOne files = of(sector);
    files.replica = Optional.empty();
    files.finalized = Optional.empty();
    files.labels = Optional.of(new Stored<>(out));
  }

  /** What an earlier attempt left is deleted before the next one begins. */
  void dropSealing(SectorId sector) {
    OfOne files = of(sector);
    files.labels = Optional.empty();
    files.replica = Optional.empty();
    files.finalized = Optional.empty();
  }

  void writeReplica(SectorId sector, Commitment commR) {
    of(sector).replica = Optional.of(new Stored<>(commR));
  }

  /** The layers go, the replica stays. */
  void writeFinalized(SectorId sector) {
    OfOne files = of(sector);
    files.labels = Optional.empty();
    files.finalized = Optional.of(new Stored<>(true));
  }

  void delete(SectorId sector) {
    sectors.remove(sector);
  }

  void force(SectorId sector) {
    of(sector).all().forEach(stored -> stored.forced = !lies);
  }

  /** The machine stops. */
  void stop(RandomGenerator random) {
    for (OfOne files : sectors.values()) {
      for (Stored<?> stored : files.all()) {
        if (!stored.forced) {
          stored.forced = true;
          stored.damaged = random.nextInt(3) > 0;
        }
      }
      files.pieces.values().removeIf(stored -> stored.damaged);
    }
  }

  /** Why these pieces are not all there, one after the other; empty if they are. */
  Optional<String> missing(SectorId sector, List<PieceInfo> pieces) {
    long offset = 0;
    for (PieceInfo piece : pieces) {
      Stored<PieceInfo> found = of(sector).pieces.get(offset);
      if (found == null) {
        return Optional.of("nothing lies at " + offset);
      }
      if (!found.isGood() || !found.content.equals(piece)) {
        return Optional.of("at " + offset + " lies " + found.content + ", not " + piece);
      }
      offset += piece.size().bytes();
    }
    return Optional.empty();
  }

  boolean hasLabels(SectorId sector, byte[] out) {
    return of(sector).labels.filter(l -> l.isGood() && Arrays.equals(l.content, out)).isPresent();
  }

  boolean hasLabels(SectorId sector) {
    return of(sector).labels.filter(Stored::isGood).isPresent();
  }

  boolean hasReplica(SectorId sector, Commitment commR) {
    return of(sector).replica.filter(r -> r.isGood() && r.content.equals(commR)).isPresent();
  }

  boolean isFinalized(SectorId sector) {
    return of(sector).finalized.filter(Stored::isGood).isPresent();
  }

  boolean isEmpty(SectorId sector) {
    return of(sector).all().isEmpty();
  }
}
