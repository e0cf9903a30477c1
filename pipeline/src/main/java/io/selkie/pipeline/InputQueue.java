package io.selkie.pipeline;

import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceLayout;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.Sealer.PieceSource;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Brings pieces and open sectors together. Pieces wait here in memory, because only their callers
 * can deliver their bytes again; a caller is told "accepted" only when the piece is written, forced
 * and recorded in its sector.
 *
 * <p>The lock is never held while an event is submitted, nor while the chain or a disk is asked.
 */
final class InputQueue {

  /** Pieces that wait or are written; more are refused rather than held in memory. */
  static final int MAX_PENDING = 10_000;

  /** Answers remembered for callers that ask again. */
  static final int MAX_REMEMBERED = 100_000;

  /** A piece on its way into a sector. */
  static final class Pending {
    private final UnpaddedPieceSize size;
    private final PieceSource source;
    private final PieceDealInfo info;
    private final CompletableFuture<SectorOffset> result = new CompletableFuture<>();

    Pending(UnpaddedPieceSize size, PieceSource source, PieceDealInfo info) {
      this.size = size;
      this.source = source;
      this.info = info;
    }

    UnpaddedPieceSize size() {
      return size;
    }

    PieceSource source() {
      return source;
    }

    PieceDealInfo info() {
      return info;
    }
  }

  private static final class Open {
    private final SectorSize size;
    private final List<Pending> assigned = new ArrayList<>();
    private @Nullable Pending writing;
    private long used;
    private boolean matchable;

    Open(SectorSize size) {
      this.size = size;
    }

    long usedWithAssigned() {
      long total = used;
      for (Pending piece : assigned) {
        total = endOf(total, piece.size().padded());
      }
      return total;
    }
  }

  private record Candidate(Pending piece, SectorId sector, long padding) {}

  /** What the queue needs of the pipeline; called without the queue's lock. */
  interface Opener {
    /** Whether the sector is in that stay at this moment; takes no lock. */
    boolean isIn(SectorId sector, long moves);

    /** A piece waits for this sector. */
    void pieceAssigned(SectorId sector);

    /** Pieces fit nowhere: open a sector, if limits allow, and tell the queue. */
    void sectorWanted();
  }

  private final WorkThreads threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashSet<Pending> waiting = new LinkedHashSet<>();
  private final Map<SectorId, Open> open = new TreeMap<>();
  private final LinkedHashMap<String, Pending> known = new LinkedHashMap<>();
  private @Nullable Opener opener;
  private @Nullable SectorId beingCreated;
  private boolean creating;

  InputQueue(WorkThreads threads) {
    this.threads = threads;
  }

  void use(Opener opener) {
    this.opener = opener;
  }

  /** A piece that was checked; a second call for the same piece gets the first one's answer. */
  CompletableFuture<SectorOffset> add(Pending piece) throws PieceRefused {
    String key = piece.info().identity();
    lock.lock();
    try {
      Pending same = known.get(key);
      if (same != null && !same.result.isCompletedExceptionally()) {
        return same.result;
      }
      if (waiting.size() >= MAX_PENDING) {
        throw new PieceRefused(MAX_PENDING + " pieces wait already");
      }
      known.put(key, piece);
      if (known.size() > MAX_REMEMBERED) {
        known.values().stream()
            .filter(p -> p.result.isDone())
            .findFirst()
            .ifPresent(oldest -> known.remove(oldest.info().identity(), oldest));
      }
      waiting.add(piece);
    } finally {
      lock.unlock();
    }
    matchSoon();
    return piece.result;
  }

  /** Withdraws a piece that has not been assigned to a sector yet; true if it was there. */
  boolean withdraw(PieceDealInfo info) {
    lock.lock();
    try {
      Optional<Pending> found =
          waiting.stream().filter(p -> p.info().identity().equals(info.identity())).findFirst();
      found.ifPresent(piece -> {
        waiting.remove(piece);
        known.remove(piece.info().identity(), piece);
      });
      return found.isPresent();
    } finally {
      lock.unlock();
    }
  }

  /** How many pieces wait for a sector. */
  int waitingCount() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** The sector collects pieces; true if some were assigned to it already. */
  boolean opened(SectorRecord sector) {
    lock.lock();
    try {
      if (!opener().isIn(sector.sector(), sector.moves())) {
        // A handler that was overtaken must not open a sector that has gone on.
        return false;
      }
      Open entry = openOf(sector);
      entry.used = sector.usedPaddedBytes();
      entry.matchable = true;
      if (sector.sector().equals(beingCreated)) {
        beingCreated = null;
      }
      return !entry.assigned.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** The piece the sector is to write next. */
  Optional<Pending> next(SectorRecord sector) {
    lock.lock();
    try {
      Open entry = open.get(sector.sector());
      Optional<Pending> first =
          entry == null ? Optional.empty() : entry.assigned.stream().findFirst();
      if (entry != null) {
        entry.writing = first.orElse(null);
      }
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** The piece is durable in its sector: its caller may know. */
  void accepted(SectorId sector, Pending piece, SectorOffset place) {
    taken(sector, piece);
    lock.lock();
    try {
      Open entry = open.get(sector);
      if (entry != null) {
        entry.used = place.offset() + piece.size().padded().bytes();
      }
    } finally {
      lock.unlock();
    }
    SealingServices.inBackground(threads, () -> piece.result.complete(place));
  }

  /** The piece cannot be written; its caller is told why. */
  void refused(SectorId sector, Pending piece, String why) {
    taken(sector, piece);
    SealingServices.inBackground(
        threads, () -> piece.result.completeExceptionally(new PieceRefused(why)));
  }

  /** The sector has no room for the piece after all: it looks for another. */
  void requeue(SectorId sector, Pending piece) {
    taken(sector, piece);
    lock.lock();
    try {
      waiting.addFirst(piece);
    } finally {
      lock.unlock();
    }
    matchSoon();
  }

  /** A sector that was found again: its pieces are not taken a second time. */
  void remember(SectorRecord sector) {
    lock.lock();
    try {
      long offset = 0;
      for (SectorPiece piece : sector.pieces()) {
        if (piece.dealInfo().isPresent()) {
          Pending written =
              new Pending(
                  piece.piece().size().unpadded(),
                  InputStream::nullInputStream,
                  piece.dealInfo().get());
          written.result.complete(new SectorOffset(sector.sector().number(), offset));
          known.put(written.info().identity(), written);
        }
        offset += piece.piece().size().bytes();
      }
    } finally {
      lock.unlock();
    }
  }

  private void forget(SectorRecord sector) {
    for (SectorPiece piece : sector.pieces()) {
      piece
          .dealInfo()
          .map(info -> known.get(info.identity()))
          .filter(written -> isIn(written, sector))
          .ifPresent(written -> known.remove(written.info().identity()));
    }
  }

  private static boolean isIn(Pending written, SectorRecord sector) {
    return written.result.isDone()
        && !written.result.isCompletedExceptionally()
        && written.result.join().sector().equals(sector.sector().number());
  }

  /**
   * The sector stands still: its pieces look for another one. The piece it was writing when it
   * broke is refused, or it would break one sector after the other.
   */
  void stands(SectorId sector, String why) {
    Open gone;
    Pending broke;
    lock.lock();
    try {
      gone = open.remove(sector);
      broke = gone == null ? null : gone.writing;
      if (gone != null) {
        gone.assigned.remove(broke);
        gone.assigned.reversed().forEach(waiting::addFirst);
      }
    } finally {
      lock.unlock();
    }
    if (broke != null) {
      refused(sector, broke, "sector " + sector + " stands still: " + why);
    }
    if (gone != null) {
      matchSoon();
    }
  }

  /** Told of every change of state: a sector that no longer collects gives its pieces back. */
  void moved(SectorRecord sector) {
    boolean collects = sector.knownState().map(SectorState::isCollecting).orElse(false);
    boolean look;
    lock.lock();
    try {
      if (sector.state().equals(SectorState.Removing.wireName())) {
        forget(sector);
      }
      if (!collects) {
        if (sector.sector().equals(beingCreated)) {
          beingCreated = null;
        }
        Open gone = open.remove(sector.sector());
        if (gone != null) {
          gone.assigned.reversed().forEach(waiting::addFirst);
        }
      }
      look = !collects && !waiting.isEmpty();
    } finally {
      lock.unlock();
    }
    if (look) {
      matchSoon();
    }
  }

  /** The sector that was asked for is on its way. */
  void created(SectorId sector) {
    lock.lock();
    try {
      creating = false;
      if (!open.containsKey(sector)) {
        beingCreated = sector;
      }
    } finally {
      lock.unlock();
    }
  }

  /** No sector could be opened now. */
  void notCreated() {
    lock.lock();
    try {
      creating = false;
    } finally {
      lock.unlock();
    }
  }

  void matchSoon() {
    SealingServices.inBackground(threads, this::match);
  }

  /** Assigns waiting pieces to open sectors; asks for a sector if some are left. */
  void match() {
    Set<SectorId> touched = new LinkedHashSet<>();
    boolean wanted;
    lock.lock();
    try {
      List<Candidate> candidates = candidates();
      for (Candidate candidate : candidates) {
        Open entry = open.get(candidate.sector());
        if (entry != null
            && waiting.contains(candidate.piece())
            && fits(entry, candidate.piece())) {
          entry.assigned.add(candidate.piece());
          waiting.remove(candidate.piece());
          touched.add(candidate.sector());
        }
      }
      wanted = !waiting.isEmpty() && !creating && beingCreated == null;
      creating = creating || wanted;
    } finally {
      lock.unlock();
    }
    Opener to = opener();
    touched.forEach(to::pieceAssigned);
    if (wanted) {
      to.sectorWanted();
    }
  }

  private Opener opener() {
    if (opener == null) {
      throw new IllegalStateException("used before its opener was set");
    }
    return opener;
  }

  /** Least padding first, then smaller pieces, then lower numbers. */
  private List<Candidate> candidates() {
    List<Candidate> all = new ArrayList<>();
    for (Pending piece : waiting) {
      open.forEach((sector, entry) -> {
        if (entry.matchable && fits(entry, piece)) {
          long free = entry.size.bytes() - entry.usedWithAssigned();
          all.add(new Candidate(piece, sector, free % piece.size().padded().bytes()));
        }
      });
    }
    all.sort(
        Comparator.comparingLong(Candidate::padding)
            .thenComparing(c -> c.piece().size())
            .thenComparing(Candidate::sector));
    return all;
  }

  private static boolean fits(Open entry, Pending piece) {
    return endOf(entry.usedWithAssigned(), piece.size().padded()) <= entry.size.bytes();
  }

  private static long endOf(long used, PaddedPieceSize piece) {
    long padding =
        PieceLayout.paddingBefore(used, piece).stream().mapToLong(PaddedPieceSize::bytes).sum();
    return used + padding + piece.bytes();
  }

  private void taken(SectorId sector, Pending piece) {
    lock.lock();
    try {
      Open entry = open.get(sector);
      if (entry != null) {
        entry.assigned.remove(piece);
        entry.writing = null;
      }
      // A sector that left its input state while the piece was written has given it back.
      waiting.remove(piece);
    } finally {
      lock.unlock();
    }
  }

  private Open openOf(SectorRecord sector) {
    return open.computeIfAbsent(sector.sector(), _ -> new Open(sector.sealProof().sectorSize()));
  }
}
