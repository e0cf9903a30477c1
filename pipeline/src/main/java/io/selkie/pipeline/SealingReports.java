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
 * told once, in the background, and what goes wrong is logged and nothing else (lotus
 * storage/pipeline/fsm.go, notifyRemoteDone).
 */
final class SealingReports {

  private static final Logger LOG = LoggerFactory.getLogger(SealingReports.class);

  private SealingReports() {}

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
    SealingServices services = machines.services();
    Optional<String> endpoint =
        success.isEmpty()
            ? Optional.empty()
            : services
                .imports()
                .of(after.sector())
                .map(ImportSources::done)
                .filter(address -> !address.isEmpty());
    if (endpoint.isPresent()) {
      SealingServices.inBackground(
          machines.threads(),
          () -> tell(services.elsewhere(), endpoint.get(), success.get(), after));
    }
  }

  private static void tell(
      RemoteSealer elsewhere, String endpoint, boolean success, SectorRecord sector) {
    try {
      elsewhere.sealingDone(endpoint, success, sector.state(), sector.commit().message());
    } catch (SealFault e) {
      LOG.warn(
          "{}: its sealer was not told of {}: {}", sector.sector(), sector.state(), e.getMessage());
    }
  }
}
