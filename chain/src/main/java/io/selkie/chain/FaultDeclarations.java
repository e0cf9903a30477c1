package io.selkie.chain;

import static io.selkie.chain.ActorAbort.require;

import io.selkie.abi.FaultDeclarationsParams;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.TerminateSectorsParams.Declaration;
import io.selkie.chain.ChainState.Miner;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * DeclareFaults and DeclareFaultsRecovered: all that are named or none (builtin-actors
 * miner/src/lib.rs, declare_faults and declare_faults_recovered; partition_state.rs).
 *
 * <p>Sectors that are faulty already, or are not, are passed over as there. No window proof is
 * asked for here, so a sector that is declared recovered is active again at the end of the window
 * it would have been proven in.
 */
final class FaultDeclarations {

  /** The most sectors that one message may name (policy, addressed_sectors_max). */
  static final long MAX_SECTORS = 25_000;

  /** After so many epochs a fault ends the sector (policy, fault_max_age). */
  static final long FAULT_MAX_AGE = 42 * Policy.PROVING_PERIOD;

  private final Execution x;
  private final Miner miner;
  private final SectorFaults faults;

  FaultDeclarations(Execution x, Miner miner) {
    this.x = x;
    this.miner = miner;
    this.faults = new SectorFaults(x.state().sql());
  }

  /** What is done to a sector. */
  private interface Change {
    void of(SectorFaults.Row sector, long windowEnd) throws SQLException;
  }

  /** Marks sectors faulty, and takes declared recoveries back. */
  void declareFaults(FaultDeclarationsParams params) throws ActorAbort, SQLException {
    forEach(
        params.declarations(),
        "fault",
        (sector, windowEnd) -> {
          if (sector.recovering() > 0) {
            faults.putRecovering(miner.id(), sector.number(), 0);
          } else if (sector.live() && !sector.faulty()) {
            long early = windowEnd + FAULT_MAX_AGE;
            faults.putFault(
                miner.id(), sector.number(), x.epoch(), early < sector.onTime() ? early : 0);
          }
        });
  }

  /** Marks faulty sectors as recovering. */
  void declareRecovered(FaultDeclarationsParams params) throws ActorAbort, SQLException {
    forEach(
        params.declarations(),
        "recovery",
        (sector, windowEnd) -> {
          if (sector.live() && sector.faulty() && sector.recovering() == 0) {
            faults.putRecovering(miner.id(), sector.number(), windowEnd);
          }
        });
  }

  private void forEach(List<Declaration> declarations, String what, Change change)
      throws ActorAbort, SQLException {
    long named = 0;
    for (Declaration each : declarations) {
      // A few bytes may name 2^63 sectors: the sum must not overflow.
      named = Math.min(each.sectors().size(), MAX_SECTORS + 1) + named;
      require(named <= MAX_SECTORS, "more than " + MAX_SECTORS + " sectors");
      require(
          each.deadline() < Policy.DEADLINES,
          "failed to process deadline %d, partition %d: no such deadline"
              .formatted(each.deadline(), each.partition()));
      int deadline = (int) each.deadline();
      long windowEnd = miner.deadlines().endNotBefore(deadline, x.epoch());
      long cutoff = windowEnd + 1 - Policy.CHALLENGE_WINDOW - Policy.FAULT_CUTOFF;
      require(
          x.epoch() < cutoff,
          "failed %s declaration at deadline %d: late fault or recovery declaration: at epoch %d,"
                  .formatted(what, deadline, x.epoch())
              + " the cutoff was "
              + cutoff);
      if (!faults.hasPartition(miner.id(), each)) {
        throw new ActorAbort(
            ExitCode.USR_NOT_FOUND,
            "no partition " + each.partition() + " in deadline " + deadline);
      }
      for (long number : each.sectors().members((int) MAX_SECTORS)) {
        Optional<SectorFaults.Row> sector = faults.find(miner.id(), new SectorNumber(number));
        require(
            sector.isPresent() && sector.get().isIn(each),
            "failed %s declaration: sector %d is not assigned to deadline %d, partition %d"
                .formatted(what, number, deadline, each.partition()));
        change.of(sector.get(), windowEnd);
      }
    }
  }
}
