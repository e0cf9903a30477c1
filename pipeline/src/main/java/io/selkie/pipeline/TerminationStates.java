package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.pipeline.ChainNode.MessageLookup;
import io.selkie.pipeline.ChainNode.ProvingDeadline;
import io.selkie.pipeline.ChainNode.SectorPlace;
import io.selkie.pipeline.Outbox.InFlight;
import io.selkie.pipeline.SectorEvent.SectorRemove;
import io.selkie.pipeline.SectorEvent.SectorTerminate;
import io.selkie.pipeline.SectorEvent.SectorTerminateFailed;
import io.selkie.pipeline.SectorEvent.SectorTerminated;
import io.selkie.pipeline.SectorEvent.SectorTerminating;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Ends a sector on chain before its time, waits until that is final, and has it removed. */
final class TerminationStates {

  /** Epochs after which no reorganisation brings a terminated sector back. */
  static final long FINALITY = 900;

  /** A message whose fate is not known is asked for again after this long. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private TerminationStates() {}

  static Outcome terminating(SectorRecord sector, SealingServices services) throws ChainFault {
    ChainNode chain = services.chain();
    Optional<SectorPlace> place = chain.sectorPlace(services.miner(), sector.sector().number());
    if (place.isEmpty()) {
      if (ChainLooks.preCommit(sector, services).isPresent()) {
        return Outcome.emit(
            new SectorTerminateFailed(
                "it is pre-committed and not proven; a pre-commit cannot be terminated"));
      }
      Optional<InFlight> inFlight = services.terminations().inFlight(sector.sector());
      if (inFlight.isPresent()) {
        // It landed before the sector heard of it: not final yet, and so nothing is removed.
        return inFlight.get().message().isPresent()
            ? Outcome.emit(new SectorTerminating(inFlight.get().message()))
            : new Outcome.WaitUntil(
                services.after(LOOK_AGAIN),
                Optional.empty(),
                "waits to hear whether its termination was sent");
      }
      // Sent before, and landed since: it still has to become final.
      Optional<Cid> sent = sector.termination().message();
      return Outcome.emit(sent.isPresent() ? new SectorTerminating(sent) : new SectorRemove());
    }
    ChainEpoch head = chain.head().height();
    if (ChainLooks.isPending(sector.termination().message(), head, services)) {
      return Outcome.emit(new SectorTerminating(sector.termination().message()));
    }
    ProvingDeadline now = chain.provingDeadline(services.miner());
    Optional<ChainEpoch> heldUntil = now.heldUntil(place.get().deadline());
    if (heldUntil.isPresent()) {
      services.terminations().withdraw(sector.sector());
      return ChainLooks.untilEpoch(
          services,
          head,
          heldUntil.get(),
          "waits until its deadline " + place.get().deadline() + " is past");
    }
    ChainEpoch cutoff = now.heldFrom(place.get().deadline());
    Instant at =
        services
            .terminations()
            .offer(
                new Outbox.Member<>(
                    sector.sector(),
                    sector.moves(),
                    place.get(),
                    Instant.ofEpochMilli(sector.enteredAtMs()),
                    ChainLooks.timeOf(services, head, cutoff.value())));
    return new Outcome.WaitUntil(at, Optional.empty(), "waits for a termination message");
  }

  static Outcome terminateWait(SectorRecord sector, SealingServices services) throws ChainFault {
    ChainEpoch head = services.chain().head().height();
    Optional<Cid> message = sector.termination().message();
    if (message.isEmpty()) {
      return Outcome.emit(new SectorTerminated(head));
    }
    Optional<MessageLookup> lookup = ChainLooks.message(message, services);
    if (lookup.isEmpty()) {
      return ChainLooks.untilNextHead(services, head, "waits for its termination to land");
    }
    ChainEpoch confirmed = ChainLooks.confirmedAt(lookup.get(), services.chain().timing());
    if (confirmed.isAfter(head)) {
      return ChainLooks.untilEpoch(
          services, head, confirmed, "waits for its termination to be confirmed");
    }
    return Outcome.emit(
        lookup.get().exitCode() == 0
            ? new SectorTerminated(lookup.get().tipSet().height())
            : new SectorTerminateFailed(
                "termination message "
                    + message.get()
                    + " ended with exit code "
                    + lookup.get().exitCode()));
  }

  static Outcome terminateFinality(SectorRecord sector, SealingServices services)
      throws ChainFault {
    ChainEpoch head = services.chain().head().height();
    ChainEpoch end = sector.termination().terminatedAt().plus(FINALITY);
    if (end.isAfter(head)) {
      return ChainLooks.untilEpoch(services, head, end, "waits for its termination to be final");
    }
    if (services.chain().sectorInfo(services.miner(), sector.sector().number()).isPresent()) {
      return Outcome.emit(new SectorTerminateFailed("it is still on chain after its termination"));
    }
    return Outcome.emit(new SectorRemove());
  }

  static Outcome terminateFailed(SectorRecord sector, SealingServices services) throws ChainFault {
    if (ChainLooks.preCommit(sector, services).isPresent()) {
      return Outcome.parkAndLook(
          "it is pre-committed and not proven, which cannot be terminated: force Committing to"
              + " prove it, or wait until the pre-commit lapses",
          Duration.ofHours(1));
    }
    return FailedStates.afterPause(sector, services, new SectorTerminate());
  }
}
