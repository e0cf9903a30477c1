package io.selkie.pipeline.recovery;

import io.selkie.abi.Cid;
import io.selkie.pipeline.SectorState;
import io.selkie.pipeline.recovery.Finding.Seen;
import io.selkie.pipeline.recovery.Remedy.AllocateNumber;
import io.selkie.pipeline.recovery.Remedy.AskOperator;
import io.selkie.pipeline.recovery.Remedy.ForceState;
import io.selkie.pipeline.recovery.Remedy.Nothing;
import io.selkie.pipeline.recovery.Remedy.RebuildRecord;
import io.selkie.pipeline.recovery.Remedy.ReplayRecord;
import io.selkie.pipeline.recovery.StateNeeds.OnChain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The three-way difference of journal, disk and chain: a pure function of what was seen.
 *
 * <p>Its rules: the chain decides what must exist, the disk what can exist, the journal is brought
 * to follow. Nothing is concluded from a chain that does not answer. No step deletes a file, and
 * nothing of a sector that the chain counts on is moved unless a sound copy stays in place.
 */
public final class Diagnosis {

  /** Where a sector goes that is kept for an operator to decide on: it rests there. */
  public static final String PARKED = SectorState.FailedUnrecoverable.wireName();

  private final SectorEvidence seen;
  private final Seen words;
  private final List<Finding> found = new ArrayList<>();

  private Diagnosis(SectorEvidence seen) {
    this.seen = seen;
    this.words = Sights.of(seen);
  }

  /** What is wrong with all of these, the worst first. */
  public static List<Finding> of(Collection<SectorEvidence> sectors, Collection<Stray> strays) {
    List<Finding> all = new ArrayList<>();
    sectors.forEach(sector -> all.addAll(of(sector)));
    for (Stray stray : strays) {
      Trouble trouble =
          stray.unreadable().isEmpty()
              ? new Trouble.UnknownFileName(stray.path())
              : new Trouble.PathUnreadable(stray.path(), stray.unreadable());
      all.add(
          new Finding(
              Optional.empty(),
              trouble,
              Severity.ERROR,
              Seen.NOTHING,
              new AskOperator(
                  stray.unreadable().isEmpty()
                      ? "move it away: the node does not start with it there"
                      : "put it right, then look again")));
    }
    all.sort(Comparator.comparing(Finding::severity));
    return List.copyOf(all);
  }

  /** What is wrong with one sector, in the order in which the steps are to be taken. */
  public static List<Finding> of(SectorEvidence sector) {
    Diagnosis diagnosis = new Diagnosis(sector);
    diagnosis.number();
    switch (sector.journal()) {
      case JournalSight.Absent _ -> diagnosis.absent();
      case JournalSight.Undecodable record -> diagnosis.undecodable(record);
      case JournalSight.Known record -> diagnosis.known(record);
    }
    diagnosis.found.addAll(new FileFindings(sector, diagnosis.words).all());
    return List.copyOf(diagnosis.found);
  }

  /**
   * Where a sector of which nothing is recorded goes: on by itself where the chain counts on it, to
   * rest where there are only files, nowhere if there is nothing.
   */
  public static Optional<String> stateWithoutRecord(SectorEvidence sector) {
    if (sector.chain().isAlive()) {
      return Optional.of(new Diagnosis(sector).stateOnChain());
    }
    return sector.hasFiles() ? Optional.of(PARKED) : Optional.empty();
  }

  private void add(Trouble trouble, Severity severity, Remedy remedy) {
    found.add(new Finding(Optional.of(seen.number()), trouble, severity, words, remedy));
  }

  private void number() {
    boolean used =
        !(seen.journal() instanceof JournalSight.Absent)
            || seen.hasFiles()
            || !(seen.chain() instanceof ChainSight.Unused
                || seen.chain() instanceof ChainSight.Unreachable);
    if (used && !seen.allocated()) {
      boolean onlyHistory = seen.journal() instanceof JournalSight.Absent && !seen.hasFiles();
      add(
          new Trouble.NumberNotAllocatedLocally(),
          onlyHistory && !seen.chain().isAlive() ? Severity.INFO : Severity.WARNING,
          new AllocateNumber());
    }
  }

  private void absent() {
    switch (seen.chain()) {
      case ChainSight.PreCommitted _, ChainSight.Live _ ->
          add(
              new Trouble.OnChainButNotInJournal(words.chain()),
              Severity.CRITICAL,
              new RebuildRecord(stateOnChain()));
      case ChainSight.Unreachable chain when seen.hasFiles() ->
          add(
              new Trouble.ChainUnreachable(chain.reason()),
              Severity.WARNING,
              new AskOperator("bring the chain node back, then look again"));
      case ChainSight.Unreachable _,
          ChainSight.Unused _,
          ChainSight.Gone _,
          ChainSight.Expired _ -> {}
    }
  }

  private void undecodable(JournalSight.Undecodable record) {
    Remedy remedy;
    if (record.replayable()) {
      remedy = new ReplayRecord();
    } else if (seen.chain() instanceof ChainSight.Unreachable) {
      remedy = new AskOperator("bring the chain node back, then look again");
    } else {
      remedy = new RebuildRecord(seen.chain().isAlive() ? stateOnChain() : PARKED);
    }
    add(
        new Trouble.UndecodableRecord(record.reason()),
        seen.chain().isAlive() ? Severity.CRITICAL : Severity.ERROR,
        remedy);
  }

  private void known(JournalSight.Known record) {
    if (record.replay() == JournalSight.Replay.DIFFERENT) {
      add(new Trouble.RecordDiffersFromEvents(), Severity.ERROR, new ReplayRecord());
      // What the record says is not to be built upon; the next look sees the replayed one.
      return;
    }
    switch (seen.chain()) {
      case ChainSight.Unreachable chain ->
          add(
              new Trouble.ChainUnreachable(chain.reason()),
              Severity.WARNING,
              new Nothing("looked at again when the chain answers"));
      case ChainSight.Live live -> alive(record, live.sealedCid());
      case ChainSight.PreCommitted preCommit -> alive(record, preCommit.sealedCid());
      case ChainSight.Expired expired -> expired(record, expired);
      case ChainSight.Gone _ -> notOnChain(record, true);
      case ChainSight.Unused _ -> notOnChain(record, false);
    }
  }

  private void alive(JournalSight.Known record, Cid sealedCid) {
    boolean live = seen.chain() instanceof ChainSight.Live;
    Optional<SectorState> state = SectorState.ofWireName(record.state());
    if (state.isEmpty()) {
      add(new Trouble.UnknownState(record.state()), Severity.CRITICAL, toChain(record, sealedCid));
      return;
    }
    if (record.sealedCid().isPresent() && !record.sealedCid().get().equals(sealedCid)) {
      add(
          new Trouble.CommRDiffers(record.sealedCid().get(), sealedCid),
          Severity.CRITICAL,
          new AskOperator(
              "the chain holds the miner to another replica than the recorded one; find the files"
                  + " of that replica, or let the sector end"));
      return;
    }
    OnChain expected = StateNeeds.onChain(state.get());
    boolean fits =
        switch (expected) {
          case NOTHING, ENDED -> false;
          case PERHAPS_PRE_COMMITTED, PRE_COMMITTED -> !live;
          case PERHAPS_PROVEN -> true;
          case PROVEN -> live;
        };
    if (fits) {
      complete(record, expected);
    } else if (expected == OnChain.ENDED) {
      ended(state.get());
    } else if (expected == OnChain.PROVEN) {
      boolean back = StateNeeds.isSettled(state.get()) && seen.canBeProven();
      add(
          new Trouble.StateAheadOfChain(record.state(), words.chain()),
          Severity.ERROR,
          back
              ? toChain(record, sealedCid)
              : new AskOperator("it cannot be proven from the files that are there"));
    } else {
      behind(record, sealedCid);
    }
  }

  private void complete(JournalSight.Known record, OnChain expected) {
    boolean mustKnow =
        expected == OnChain.PRE_COMMITTED
            || expected == OnChain.PERHAPS_PROVEN
            || expected == OnChain.PROVEN;
    if (mustKnow && record.sealedCid().isEmpty()) {
      add(new Trouble.RecordIncomplete("CommR"), Severity.ERROR, new RebuildRecord(record.state()));
    }
  }

  private void behind(JournalSight.Known record, Cid sealedCid) {
    boolean goesOn = seen.chain() instanceof ChainSight.Live || seen.canBeProven();
    add(
        new Trouble.StateBehindChain(record.state(), words.chain()),
        Severity.CRITICAL,
        goesOn
            ? toChain(record, sealedCid)
            : new AskOperator(
                "the files that its proof needs are not there; bring them back, or let the"
                    + " pre-commit lapse and remove it"));
  }

  private void ended(SectorState state) {
    boolean removed = state == SectorState.Removed;
    boolean back = removed && seen.chain() instanceof ChainSight.Live && seen.hasReplica();
    Remedy remedy;
    if (back) {
      remedy = new RebuildRecord(stateOnChain());
    } else {
      remedy =
          new AskOperator(
              removed
                  ? "the miner pays for what is on chain: bring its files back, or let it end"
                  : "its end is under way; if that was not meant, force the state it came from");
    }
    add(
        new Trouble.StateAheadOfChain(state.wireName(), words.chain()),
        removed ? Severity.CRITICAL : Severity.WARNING,
        remedy);
  }

  private void expired(JournalSight.Known record, ChainSight.Expired chain) {
    Optional<SectorState> state = SectorState.ofWireName(record.state());
    if (state.isEmpty() || StateNeeds.onChain(state.get()) != OnChain.ENDED) {
      add(
          new Trouble.ExpiredOnChain(chain.expiration()),
          Severity.INFO,
          new AskOperator("remove it when nobody wants its data any more"));
    }
  }

  private void notOnChain(JournalSight.Known record, boolean numberUsed) {
    Optional<SectorState> state = SectorState.ofWireName(record.state());
    if (state.isEmpty()) {
      add(
          new Trouble.UnknownState(record.state()),
          Severity.ERROR,
          new AskOperator("force a state that exists"));
      return;
    }
    switch (StateNeeds.onChain(state.get())) {
      case PROVEN ->
          add(
              new Trouble.InJournalProvingButNotOnChain(record.state()),
              numberUsed ? Severity.WARNING : Severity.ERROR,
              new AskOperator(
                  numberUsed
                      ? "it has expired or was terminated; remove it when nobody wants its data"
                      : "this chain has never seen its number; is it the right chain?"));
      case PRE_COMMITTED, PERHAPS_PROVEN ->
          add(
              new Trouble.StateAheadOfChain(record.state(), words.chain()),
              Severity.ERROR,
              new AskOperator(
                  numberUsed
                      ? "its pre-commit has lapsed; remove it"
                      : "this chain has never seen its number; is it the right chain?"));
      case NOTHING, PERHAPS_PRE_COMMITTED -> {
        if (numberUsed) {
          add(
              new Trouble.StateBehindChain(record.state(), words.chain()),
              Severity.WARNING,
              new AskOperator("its number cannot be pre-committed again; remove it"));
        }
      }
      case ENDED -> {}
    }
  }

  /** To where the chain is: by a forced state if the record has what it needs, else rebuilt. */
  private Remedy toChain(JournalSight.Known record, Cid sealedCid) {
    String target = stateOnChain();
    boolean sameReplica = record.sealedCid().equals(Optional.of(sealedCid));
    return sameReplica && !target.equals(PARKED)
        ? new ForceState(target)
        : new RebuildRecord(target);
  }

  /** The state in which a sector that the chain counts on goes on by itself. */
  private String stateOnChain() {
    SectorState state;
    if (seen.chain() instanceof ChainSight.Live) {
      state = seen.canBeProven() ? SectorState.FinalizeSector : SectorState.Proving;
    } else {
      state = seen.canBeProven() ? SectorState.WaitSeed : SectorState.FailedUnrecoverable;
    }
    return state.wireName();
  }
}
