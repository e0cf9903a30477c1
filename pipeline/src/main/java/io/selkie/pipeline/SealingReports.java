package io.selkie.pipeline;

import io.selkie.pipeline.SectorEvent.SectorDealsExpired;
import io.selkie.pipeline.SectorEvent.SectorFinalized;
import io.selkie.pipeline.SectorEvent.SectorFinalizedAvailable;
import io.selkie.pipeline.SectorEvent.SectorRemove;
import io.selkie.pipeline.SectorEvent.SectorTicketExpired;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who sealed a sector elsewhere how its sealing ended, where they asked for that. It is
 * told in the background, a few times if it is not taken, and what goes wrong is logged and nothing
 * else: no sector waits for it (lotus storage/pipeline/fsm.go, maybeNotifyRemoteDone, which tells
 * it once).
 */
final class SealingReports {

  private static final Logger LOG = LoggerFactory.getLogger(SealingReports.class);

  /**
   * With the pauses of failed work, a quarter of an hour: who restarts meanwhile still hears it.
   */
  static final int TRIES = 5;

  private final SectorMachines machines;
  private final String endpoint;
  private final boolean success;
  private final SectorRecord sector;

  private SealingReports(
      SectorMachines machines, String endpoint, boolean success, SectorRecord sector) {
    this.machines = machines;
    this.endpoint = endpoint;
    this.success = success;
    this.sector = sector;
  }

  /** Whether sealing ended with this step, and if so, well. */
  static Optional<Boolean> success(SectorRecord before, SectorEvent event) {
    Optional<SectorState> from = before.knownState();
    return switch (event) {
      case SectorFinalized _, SectorFinalizedAvailable _ ->
          from.filter(SectorState.FinalizeSector::equals).map(_ -> true);
      case SectorDealsExpired _ ->
          from.filter(s -> s == SectorState.PreCommitFailed || s == SectorState.CommitFailed)
              .map(_ -> false);
      case SectorTicketExpired _ -> from.filter(SectorState.CommitFailed::equals).map(_ -> false);
      case SectorRemove _ -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  static void report(
      SectorRecord before, SectorRecord after, SectorEvent event, SectorMachines machines) {
    if (after.imported().isEmpty() || after.state().equals(before.state())) {
      return;
    }
    Optional<Boolean> success = success(before, event);
    // At once: when the sector is removed, the address is forgotten.
    Optional<String> endpoint = success.isEmpty() ? Optional.empty() : endpoint(after, machines);
    if (endpoint.isPresent()) {
      new SealingReports(machines, endpoint.get(), success.get(), after).tell(1);
    }
  }

  /** Where they want to hear it; a sector goes on even if that cannot be read. */
  private static Optional<String> endpoint(SectorRecord sector, SectorMachines machines) {
    if (sector.imported().filter(imported -> !imported.done().isEmpty()).isEmpty()) {
      return Optional.empty();
    }
    try {
      return machines
          .services()
          .imports()
          .of(sector.sector())
          .map(ImportSources::done)
          .filter(address -> !address.isEmpty());
    } catch (RuntimeException unreadable) {
      LOG.error("{}: its sealer cannot be told of {}", sector.sector(), sector.state(), unreadable);
      return Optional.empty();
    }
  }

  private void tell(int attempt) {
    SealingServices.inBackground(
        machines.threads(),
        () -> {
          try {
            machines
                .services()
                .elsewhere()
                .sealingDone(endpoint, success, sector.state(), sector.commit().message());
          } catch (SealFault e) {
            failed(e, attempt);
          }
        });
  }

  private void failed(SealFault fault, int attempt) {
    LOG.warn(
        "{}: its sealer was not told of {} (try {} of {}): {}",
        sector.sector(),
        sector.state(),
        attempt,
        TRIES,
        fault.getMessage());
    boolean passes =
        switch (fault.kind()) {
          case IO, UNREACHABLE, MISSING_FILE, NO_SPACE -> true;
          case BAD_REQUEST, DAMAGED_FILE, CANCELLED -> false;
        };
    if (passes && attempt < TRIES) {
      SealingServices services = machines.services();
      Timekeeper.Alarm _ =
          services
              .clock()
              .at(
                  services.after(services.pause(services.config().retry().sealing(), attempt)),
                  () -> tell(attempt + 1));
    }
  }
}
