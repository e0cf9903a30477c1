package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.SectorJournal.DealRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Everything the pipeline knows of one sector; immutable.
 *
 * @param sector which
 * @param state its state as on the wire; may be a name that is no {@link SectorState}
 * @param sealProof the proof it is sealed under, fixed when it starts
 * @param createdAtS when its first piece was accepted, in Unix seconds; 0 = none yet
 * @param pieces its content in order, fillers included
 * @param ticket the seal randomness
 * @param preCommit what pre-committing yielded
 * @param commit what proving yielded
 * @param upgrade what encoding data into the finished replica yielded
 * @param termination what ending it early yielded
 * @param failures what went wrong, counted by cause
 * @param returnState where to go after a repair; empty if nowhere
 * @param lastError why it stands still; empty if it does not
 * @param enteredAtMs since when it is in its state, Unix milliseconds
 * @param moves how often it was sent to a state, its own included; tells one stay from the next
 * @param removalKey the second key to its removal, its own number, while that is under way
 * @param imported what may be shown of where it came from, if it was sealed elsewhere
 */
public record SectorRecord(
    SectorId sector,
    String state,
    RegisteredSealProof sealProof,
    long createdAtS,
    List<SectorPiece> pieces,
    Optional<Drawn> ticket,
    PreCommit preCommit,
    Commit commit,
    Upgrade upgrade,
    Termination termination,
    Failures failures,
    String returnState,
    String lastError,
    long enteredAtMs,
    long moves,
    Optional<SectorNumber> removalKey,
    Optional<Imported> imported) {

  /**
   * Where a sector that was sealed elsewhere came from: addresses without user and query, {@link
   * #LOCAL}, or empty for none. The rest of it is in {@link ImportSources}.
   *
   * @param unsealed its data
   * @param sealed its replica
   * @param cache its cache
   * @param commit1 who computes the first half of its commit proof
   * @param commit2 who computes the second half
   * @param done who is told when sealing has ended
   */
  public record Imported(
      String unsealed, String sealed, String cache, String commit1, String commit2, String done) {
    /** In the place of an address, for a file that lay here already. */
    public static final String LOCAL = "local";
  }

  /** Randomness and the epoch it was drawn at: a seal ticket or an interactive seed. */
  public record Drawn(Randomness value, ChainEpoch epoch) {}

  /**
   * What pre-committing yields.
   *
   * @param phase1Out the reference's phase-1 output, JSON
   * @param commD the data's commitment
   * @param commR the replica's commitment
   * @param message the pre-commit message
   * @param tipSet the tip set it landed in; empty before
   * @param deposit what an imported sector had deposited, otherwise 0
   */
  public record PreCommit(
      Optional<OpaqueBytes> phase1Out,
      Optional<Cid> commD,
      Optional<Cid> commR,
      Optional<Cid> message,
      List<Cid> tipSet,
      TokenAmount deposit) {
    static final PreCommit NONE =
        new PreCommit(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            TokenAmount.ZERO);
  }

  /**
   * What proving yields.
   *
   * @param seed the interactive randomness
   * @param proof the proof as it goes on chain
   * @param message the message that carried it
   */
  public record Commit(Optional<Drawn> seed, Optional<OpaqueBytes> proof, Optional<Cid> message) {
    static final Commit NONE = new Commit(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * An upgrade, under way or done.
   *
   * @param started whether there is one
   * @param ccPieces the pieces before it, for going back
   * @param newSealed the new replica
   * @param newUnsealed the new data
   * @param proof that they belong together
   * @param message the message that carried it
   */
  public record Upgrade(
      boolean started,
      List<SectorPiece> ccPieces,
      Optional<Cid> newSealed,
      Optional<Cid> newUnsealed,
      Optional<OpaqueBytes> proof,
      Optional<Cid> message) {
    static final Upgrade NONE =
        new Upgrade(
            false,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /** An early end: the message, and the epoch it landed at (0 = not). */
  public record Termination(Optional<Cid> message, ChainEpoch terminatedAt) {
    static final Termination NONE = new Termination(Optional.empty(), ChainEpoch.ZERO);
  }

  /**
   * What went wrong.
   *
   * @param preCommit1 failures of pre-commit 1 since the sector was last proven or forced
   * @param preCommit2 failures of pre-commit 2 since the last pre-commit 1
   * @param invalidProofs proofs that did not hold since the last sealing
   * @param entered how often each failed state was entered since the sector was last proven or
   *     forced
   * @param reportMessage a reported fault
   */
  public record Failures(
      int preCommit1,
      int preCommit2,
      int invalidProofs,
      SortedMap<String, Integer> entered,
      Optional<Cid> reportMessage) {
    static final Failures NONE =
        new Failures(0, 0, 0, Collections.emptySortedMap(), Optional.empty());

    /** Keeps an unmodifiable copy. */
    public Failures {
      entered = Collections.unmodifiableSortedMap(new TreeMap<>(entered));
    }

    /** How often the sector came to this failed state. */
    public int timesIn(String state) {
      return entered.getOrDefault(state, 0);
    }

    Failures withEntered(String state) {
      SortedMap<String, Integer> more = new TreeMap<>(entered);
      more.merge(state, 1, Integer::sum);
      return new Failures(preCommit1, preCommit2, invalidProofs, more, reportMessage);
    }

    Failures forgotten() {
      return new Failures(0, 0, invalidProofs, Collections.emptySortedMap(), reportMessage);
    }

    Failures withCounts(int preCommit1, int preCommit2, int invalidProofs) {
      return new Failures(preCommit1, preCommit2, invalidProofs, entered, reportMessage);
    }
  }

  /** Keeps unmodifiable copies. */
  public SectorRecord {
    pieces = List.copyOf(pieces);
  }

  /** A sector that was made here, and that nobody removes at the moment. */
  public SectorRecord(
      SectorId sector,
      String state,
      RegisteredSealProof sealProof,
      long createdAtS,
      List<SectorPiece> pieces,
      Optional<Drawn> ticket,
      PreCommit preCommit,
      Commit commit,
      Upgrade upgrade,
      Termination termination,
      Failures failures,
      String returnState,
      String lastError,
      long enteredAtMs,
      long moves) {
    this(
        sector,
        state,
        sealProof,
        createdAtS,
        pieces,
        ticket,
        preCommit,
        commit,
        upgrade,
        termination,
        failures,
        returnState,
        lastError,
        enteredAtMs,
        moves,
        Optional.empty(),
        Optional.empty());
  }

  /** A sector to which nothing has happened yet. */
  public static SectorRecord fresh(SectorId sector, RegisteredSealProof sealProof) {
    return new SectorRecord(
        sector,
        "",
        sealProof,
        0,
        List.of(),
        Optional.empty(),
        PreCommit.NONE,
        Commit.NONE,
        Upgrade.NONE,
        Termination.NONE,
        Failures.NONE,
        "",
        "",
        0,
        0,
        Optional.empty(),
        Optional.empty());
  }

  /** Its state, if that is one of the known ones. */
  public Optional<SectorState> knownState() {
    return SectorState.ofWireName(state);
  }

  /** The sizes and commitments of all pieces, in order. */
  public List<PieceInfo> pieceInfos() {
    return pieces.stream().map(SectorPiece::piece).toList();
  }

  /** Whether any piece holds client data. */
  public boolean hasDeals() {
    return pieces.stream().anyMatch(SectorPiece::hasDeal);
  }

  /** Padded bytes of all pieces. */
  public long usedPaddedBytes() {
    return pieces.stream().map(p -> p.piece().size()).mapToLong(PaddedPieceSize::bytes).sum();
  }

  /** The data's commitment, once pre-commit 2 is done. */
  public Optional<Commitment> commD() {
    return preCommit.commD().flatMap(Cid::commitment);
  }

  /** The replica's commitment, once pre-commit 2 is done. */
  public Optional<Commitment> commR() {
    return preCommit.commR().flatMap(Cid::commitment);
  }

  /** Where the market's deals lie; nowhere once the files are gone. */
  public List<DealRef> dealRefs() {
    if (state.equals(SectorState.Removed.wireName())) {
      return List.of();
    }
    List<DealRef> refs = new ArrayList<>();
    long offset = 0;
    for (SectorPiece next : pieces) {
      PaddedPieceSize size = next.piece().size();
      long at = offset;
      next.dealInfo()
          .map(PieceDealInfo::dealId)
          .filter(id -> id.value() != 0)
          .ifPresent(id -> refs.add(new DealRef(id, sector.number(), at, size.unpadded().bytes())));
      offset += size.bytes();
    }
    return List.copyOf(refs);
  }

  /** The same with some members changed. */
  private SectorRecord changed(Consumer<SectorDraft> change) {
    SectorDraft draft = new SectorDraft(this);
    change.accept(draft);
    return draft.done();
  }

  /** A new stay, even if the state is the same; why it stood still is forgotten. */
  SectorRecord withState(String next, long nowMs) {
    return changed(d -> {
      d.state = next;
      d.lastError = "";
      d.enteredAtMs = nowMs;
      d.moves = moves + 1;
    });
  }

  SectorRecord withSealProof(RegisteredSealProof next) {
    return changed(d -> d.sealProof = next);
  }

  SectorRecord withCreatedAt(long next) {
    return changed(d -> d.createdAtS = next);
  }

  SectorRecord withPieces(List<SectorPiece> next) {
    return changed(d -> d.pieces = next);
  }

  SectorRecord withTicket(Drawn next) {
    return changed(d -> d.ticket = Optional.of(next));
  }

  SectorRecord withPreCommit(PreCommit next) {
    return changed(d -> d.preCommit = next);
  }

  SectorRecord withCommit(Commit next) {
    return changed(d -> d.commit = next);
  }

  SectorRecord withUpgrade(Upgrade next) {
    return changed(d -> d.upgrade = next);
  }

  SectorRecord withTermination(Termination next) {
    return changed(d -> d.termination = next);
  }

  SectorRecord withFailures(Failures next) {
    return changed(d -> d.failures = next);
  }

  SectorRecord withReturnState(String next) {
    return changed(d -> d.returnState = next);
  }

  SectorRecord withLastError(String next) {
    return changed(d -> d.lastError = next);
  }

  /** With the second key to its removal. */
  SectorRecord withRemovalKey(SectorNumber key) {
    return changed(d -> d.removalKey = Optional.of(key));
  }

  SectorRecord withImported(Imported next) {
    return changed(d -> d.imported = Optional.of(next));
  }

  SectorRecord withoutRemovalKey() {
    return removalKey.isEmpty() ? this : changed(d -> d.removalKey = Optional.empty());
  }
}
