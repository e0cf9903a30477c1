package io.selkie.pipeline;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.SectorEvent.SectorForceState;
import io.selkie.pipeline.SectorEvent.SectorRebuilt;
import io.selkie.pipeline.SectorFsm.Verdict;
import io.selkie.pipeline.SectorHistory.Past;
import io.selkie.pipeline.SectorJournal.Recorded;
import io.selkie.pipeline.SectorJournal.Snapshot;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What forcing a state would meet, without doing it; and taking it back. Thread-safe. */
public final class ForcedStates {

  /**
   * What forcing a state would meet.
   *
   * @param sector as it is now
   * @param objections why {@link Forcing#CHECKED} would refuse it; empty if it would not
   * @param unforceable whether {@link Forcing#ANY_STATE} would refuse it too
   * @param alive why the chain believes the sector alive; empty if it does not
   * @param then what would be said of the sector in that state; empty if there is none such
   */
  public record Plan(
      SectorRecord sector,
      List<String> objections,
      boolean unforceable,
      Optional<String> alive,
      Optional<SectorOutlook> then) {}

  private static final String FORCED = "event;sealing." + SectorForceState.class.getSimpleName();

  private final PipelineParts parts;
  private final SectorMachines machines;

  ForcedStates(PipelineParts parts, SectorMachines machines) {
    this.parts = parts;
    this.machines = machines;
  }

  /**
   * Looks, and changes nothing.
   *
   * @throws ChainFault if the chain has to be asked and does not answer
   */
  public Plan plan(SectorNumber number, String state) throws NoSuchSector, ChainFault {
    SectorRecord sector = known(number);
    Optional<String> checked = objection(sector, state, Forcing.CHECKED);
    return new Plan(
        sector,
        checked.stream().toList(),
        objection(sector, state, Forcing.ANY_STATE).isPresent(),
        Liveness.of(sector, parts.chain()),
        SectorState.ofWireName(state).map(_ -> outlook(sector, state)));
  }

  private SectorOutlook outlook(SectorRecord sector, String state) {
    return SectorOutlook.of(sector.withState(state, parts.clock().instant().toEpochMilli()));
  }

  private Optional<String> objection(SectorRecord sector, String state, Forcing forcing)
      throws ChainFault {
    try {
      ForceRules.check(sector, state, forcing, parts.chain());
      return Optional.empty();
    } catch (SectorRefused refused) {
      return Optional.of(String.valueOf(refused.getMessage()));
    }
  }

  /** The sector's last entry, if a state was forced by it: as long as it is, that can be undone. */
  public OptionalLong lastForced(SectorNumber number) throws IOException {
    SectorId sector = new SectorId(parts.miner(), number);
    Optional<Snapshot> row = parts.journal().load(sector);
    if (row.isEmpty()) {
      return OptionalLong.empty();
    }
    List<Recorded> last = parts.journal().entries(sector, row.get().sequence() - 1);
    return last.size() == 1 && last.getFirst().kind().equals(FORCED)
        ? OptionalLong.of(last.getFirst().sequence())
        : OptionalLong.empty();
  }

  /**
   * Makes a sector what it was before its state was forced, if nothing has happened to it since.
   *
   * @param entry the one by which it was forced
   * @throws SectorRefused if that entry is another one, or not the sector's last; nothing changed
   */
  public SectorRecord undo(SectorNumber number, long entry)
      throws NoSuchSector, SectorRefused, IOException {
    SectorId sector = known(number).sector();
    Past forced = past(sector, entry);
    if (forced.last().sequence() != entry || !forced.last().kind().equals(FORCED)) {
      throw new SectorRefused("entry " + entry + " of sector " + number + " forced no state");
    }
    if (entry == 1) {
      throw new SectorRefused("sector " + number + " was nothing before entry 1");
    }
    List<Recorded> since = parts.journal().entries(sector, entry);
    if (!since.isEmpty()) {
      throw tooLate(number, since.getFirst().kind());
    }
    SectorRecord before = past(sector, entry - 1).sector();
    Optional<Verdict> verdict =
        machines.submit(
            sector,
            new SectorRebuilt("entry " + entry + " is undone", before),
            Optional.of(forced.sector().moves()));
    if (verdict.filter(Verdict.MOVED::equals).isEmpty()) {
      throw tooLate(number, "it has moved on");
    }
    return before;
  }

  private static SectorRefused tooLate(SectorNumber number, String what) {
    return new SectorRefused(
        "something has happened to sector " + number + " since its state was forced: " + what);
  }

  private Past past(SectorId sector, long entry) throws SectorRefused, IOException {
    try {
      return SectorHistory.after(parts.journal(), sector, entry)
          .orElseThrow(
              () -> new SectorRefused("sector " + sector.number() + " has no entry " + entry));
    } catch (UndecodableRecord e) {
      throw new SectorRefused(String.valueOf(e.getMessage()));
    }
  }

  private SectorRecord known(SectorNumber number) throws NoSuchSector {
    return machines
        .find(new SectorId(parts.miner(), number))
        .orElseThrow(() -> NoSuchSector.unknown(number))
        .record();
  }
}
