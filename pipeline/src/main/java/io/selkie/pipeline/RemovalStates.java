package io.selkie.pipeline;

import io.selkie.pipeline.SectorEvent.SectorRemoveFailed;
import io.selkie.pipeline.SectorEvent.SectorRemoved;
import io.selkie.pipeline.WorkPool.Task;

/** Deletes a sector's files; the record stays. */
final class RemovalStates {

  private RemovalStates() {}

  static Outcome removing(SectorRecord sector, SealingServices services)
      throws SealFault, InterruptedException {
    try {
      services
          .work()
          .run(
              Task.FINALIZE,
              sector,
              () -> {
                RemovalPermit permit =
                    RemovalPermit.of(sector.sector(), RemovalPermit.Reason.REQUESTED);
                services.sealer().remove(sector.sector(), permit);
                return true;
              });
    } catch (SealFault e) {
      return PreCommitStates.failure(e, new SectorRemoveFailed("remove: " + e.getMessage()));
    }
    return Outcome.emit(new SectorRemoved());
  }
}
