package io.selkie.pipeline;

import io.selkie.pipeline.SealingConfig.Sectors;
import io.selkie.pipeline.SectorEvent.SectorReceived;
import io.selkie.pipeline.WorkPool.Task;
import java.util.Optional;

/** How a sector that was sealed elsewhere comes here. */
final class ReceiveStates {

  /**
   * With the pauses of failed work, up to half an hour each, about a day: a machine that is away
   * for longer is not coming back by itself.
   */
  static final int DOWNLOAD_TRIES = 50;

  private ReceiveStates() {}

  static Outcome receiveSector(SectorRecord sector, SealingServices services)
      throws SealFault, InterruptedException {
    if (sector.imported().isEmpty()) {
      return Outcome.park("it was not imported; force the state it came from");
    }
    if (sector.returnState().isEmpty()) {
      return Outcome.park("return state not set: force the state it is to go on in");
    }
    Optional<ImportSources> sources = services.imports().of(sector.sector());
    if (sources.isEmpty()) {
      return Outcome.park(
          "where its files come from is not recorded any more; remove it and import it again");
    }
    try {
      services
          .work()
          .run(
              Task.DOWNLOAD,
              sector,
              () -> {
                services
                    .elsewhere()
                    .fetch(sector, sources.get(), services.progressOf(sector.sector()));
                settle(sector, services);
                return true;
              });
    } catch (SealFault e) {
      return failure(e, services);
    }
    return new Outcome.Emit(
        new SectorReceived(), () -> services.imports().arrived(sector.sector()));
  }

  /**
   * A sector that goes on where nothing is left to be done is put where such sectors are; others
   * are when they get there.
   */
  private static void settle(SectorRecord sector, SealingServices services) throws SealFault {
    if (SectorState.ofWireName(sector.returnState()).filter(SectorState::isResting).isPresent()) {
      Sectors config = services.config().sectors();
      services
          .sealer()
          .finalizeSector(
              InputStates.ref(sector),
              CommitStates.keepUnsealed(sector, config.alwaysKeepUnsealedCopy()));
    }
  }

  private static Outcome failure(SealFault fault, SealingServices services) throws SealFault {
    return switch (fault.kind()) {
      case NO_SPACE, UNREACHABLE, CANCELLED -> throw fault;
      case BAD_REQUEST, DAMAGED_FILE -> Outcome.park(String.valueOf(fault.getMessage()));
      case IO, MISSING_FILE -> {
        RetryPolicy pauses = services.config().retry().sealing();
        yield new Outcome.TryAgain(
            String.valueOf(fault.getMessage()),
            Optional.of(
                new RetryPolicy(pauses.first(), pauses.most(), pauses.jitter(), DOWNLOAD_TRIES)));
      }
    };
  }
}
