package io.selkie.pipeline;

import io.selkie.pipeline.Outbox.InFlight;
import io.selkie.pipeline.RemovalPermit.Reason;
import io.selkie.pipeline.SectorEvent.SectorRemoveFailed;
import io.selkie.pipeline.SectorEvent.SectorRemoved;
import io.selkie.pipeline.WorkPool.Task;
import java.time.Duration;
import java.util.Optional;

/** Deletes a sector's files; the record stays. */
final class RemovalStates {

  /** A message whose fate is not known is asked for again after this long. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private RemovalStates() {}

  /**
   * The chain is asked again here, whoever sent the sector: while it does not answer nothing is
   * deleted, and what it believes alive is deleted only with the second key.
   */
  static Outcome removing(SectorRecord sector, SealingServices services)
      throws ChainFault, SealFault, InterruptedException {
    Reason reason;
    if (sector.removalKey().equals(Optional.of(sector.sector().number()))) {
      reason = Reason.SECOND_KEY;
    } else {
      Optional<InFlight> inFlight = services.preCommits().inFlight(sector.sector());
      if (inFlight.isPresent() && inFlight.get().message().isEmpty()) {
        return new Outcome.WaitUntil(
            services.after(LOOK_AGAIN),
            Optional.empty(),
            "waits to hear whether its pre-commit message was sent");
      }
      if (inFlight.isPresent()
          && ChainLooks.message(inFlight.get().message(), services).isEmpty()) {
        return Outcome.park(
            refusal(
                sector,
                "its pre-commit message " + inFlight.get().message().get() + " may still land"));
      }
      Optional<String> alive = Liveness.of(sector, services.chain());
      if (alive.isPresent()) {
        return Outcome.park(refusal(sector, alive.get()));
      }
      reason = whyNot(sector, services.chain());
    }
    try {
      services
          .work()
          .run(
              Task.FINALIZE,
              sector,
              () -> {
                services
                    .sealer()
                    .remove(sector.sector(), RemovalPermit.of(sector.sector(), reason));
                return true;
              });
    } catch (SealFault e) {
      return PreCommitStates.failure(e, new SectorRemoveFailed("remove: " + e.getMessage()));
    }
    return Outcome.emit(new SectorRemoved());
  }

  /** Why a sector that is not alive is not. */
  private static Reason whyNot(SectorRecord sector, ChainNode chain) throws ChainFault {
    if (sector.termination().terminatedAt().value() > 0) {
      return Reason.TERMINATED;
    }
    return chain.isSectorAllocated(sector.sector().miner(), sector.sector().number())
        ? Reason.EXPIRED
        : Reason.NEVER_ON_CHAIN;
  }

  /** Why a sector that is alive is not removed, and what to do. */
  static String refusal(SectorRecord sector, String alive) {
    return ("sector %1$s is alive: %2$s; end it first (sectors terminate), or give its number as second"
            + " key (sectors remove %1$s --really-do-it --destroy-live %1$s)")
        .formatted(sector.sector().number(), alive);
  }
}
