package io.selkie.pipeline;

import io.selkie.abi.Cid;
import io.selkie.abi.DealId;
import io.selkie.pipeline.ChainLooks.SeedFinding;
import io.selkie.pipeline.ChainNode.MessageLookup;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.TipSet;
import io.selkie.pipeline.PieceChecks.Finding;
import io.selkie.pipeline.SectorEvent.SectorPreCommitLanded;
import io.selkie.pipeline.SectorEvent.SectorRemove;
import io.selkie.pipeline.SectorEvent.SectorRetryCommitWait;
import io.selkie.pipeline.SectorEvent.SectorRetryComputeProof;
import io.selkie.pipeline.SectorEvent.SectorRetryFinalize;
import io.selkie.pipeline.SectorEvent.SectorRetryPreCommit;
import io.selkie.pipeline.SectorEvent.SectorRetryPreCommitWait;
import io.selkie.pipeline.SectorEvent.SectorRetrySealPreCommit1;
import io.selkie.pipeline.SectorEvent.SectorRetrySealPreCommit2;
import io.selkie.pipeline.SectorEvent.SectorRetrySubmitCommit;
import io.selkie.pipeline.SectorEvent.SectorRetryWaitSeed;
import io.selkie.pipeline.SectorEvent.SectorSealPreCommit1Failed;
import io.selkie.pipeline.SectorEvent.SectorUpdateDealIDs;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;

/**
 * Failed states: look at the chain, pause, and go back to where the work can go on. Pauses grow
 * with every time the sector comes to the state, and nothing is ever removed without being asked.
 */
final class FailedStates {

  /** What only the chain can change is looked at again so often. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(30);

  /** With pauses of half an hour, two days of trying; then it is for somebody to look at. */
  static final int MOST_RETURNS = 100;

  private FailedStates() {}

  static Outcome sealPreCommit1Failed(SectorRecord sector, SealingServices services) {
    int budget = services.config().retry().sealing().budget();
    int failures = sector.failures().preCommit1();
    if (failures >= budget) {
      return Outcome.park(
          failures
              + " failures of pre-commit 1 (budget "
              + budget
              + "); see the log, then force PreCommit1 or remove it");
    }
    return afterPause(sector, services, new SectorRetrySealPreCommit1());
  }

  static Outcome sealPreCommit2Failed(SectorRecord sector, SealingServices services) {
    int budget = services.config().retry().sealing().budget();
    return afterPause(
        sector,
        services,
        sector.failures().preCommit2() >= budget
            ? new SectorRetrySealPreCommit1()
            : new SectorRetrySealPreCommit2());
  }

  static Outcome preCommitFailed(SectorRecord sector, SealingServices services) throws ChainFault {
    TipSet seen = services.chain().head();
    Optional<Cid> message = sector.preCommit().message();
    Optional<MessageLookup> lookup = ChainLooks.message(message, services);
    if (lookup.isPresent() && lookup.get().exitCode() == 0) {
      // With a pause: what landed may have ended since, and would bring it back here at once.
      return afterPause(sector, services, new SectorRetryPreCommitWait());
    }
    Optional<PreCommitOnChain> found = ChainLooks.preCommit(sector, services);
    if (found.isPresent()) {
      return withPreCommit(sector, services, found.get(), message);
    }
    if (message.isPresent() && lookup.isEmpty()) {
      // It may still land: a second message now would be one too many.
      return afterPause(sector, services, new SectorRetryPreCommitWait());
    }
    if (ChainLooks.isNumberUsed(sector, services, seen)) {
      return Outcome.park("its number is used on chain, and there is no pre-commit of it");
    }
    if (sector.preCommit().commR().isEmpty()
        || sector.ticket().isEmpty()
        || PreCommitStates.isOld(sector.ticket().get(), services.chain().head().height())) {
      return Outcome.emit(
          new SectorSealPreCommit1Failed("its ticket is too old, or CommR is missing"));
    }
    Optional<Outcome> objection =
        PreCommitStates.checkPieces(sector, services, SectorState.PreCommitFailed);
    return objection.isPresent()
        ? objection.get()
        : afterPause(sector, services, new SectorRetryPreCommit());
  }

  private static Outcome withPreCommit(
      SectorRecord sector, SealingServices services, PreCommitOnChain found, Optional<Cid> message)
      throws ChainFault {
    if (sector.preCommit().commR().filter(found.sealedCid()::equals).isEmpty()) {
      return Outcome.park(
          "the pre-commit on chain is for the replica "
              + found.sealedCid()
              + ", not "
              + sector.preCommit().commR().map(Cid::toString).orElse("one of ours"));
    }
    return message.isEmpty()
        ? Outcome.emit(new SectorPreCommitLanded(services.chain().head().cids()))
        : afterPause(sector, services, new SectorRetryWaitSeed());
  }

  static Outcome computeProofFailed(SectorRecord sector, SealingServices services) {
    return afterPause(
        sector,
        services,
        sector.failures().invalidProofs() > 1
            ? new SectorSealPreCommit1Failed("no proof could be computed; sealing again")
            : new SectorRetryComputeProof());
  }

  static Outcome remoteCommitFailed(SectorRecord sector, SealingServices services) {
    return afterPause(sector, services, new SectorRetryComputeProof());
  }

  static Outcome commitFailed(SectorRecord sector, SealingServices services) throws ChainFault {
    TipSet seen = services.chain().head();
    if (CommitStates.isSettled(sector, services)) {
      // Proven: whoever sent the message, the sector goes on to its finalisation.
      return Outcome.emit(new SectorRetryCommitWait());
    }
    Optional<Cid> message = sector.commit().message();
    Optional<MessageLookup> lookup = ChainLooks.message(message, services);
    if (message.isPresent() && lookup.isEmpty()) {
      return afterPause(sector, services, new SectorRetryCommitWait());
    }
    boolean unpaid =
        lookup
            .map(MessageLookup::exitCode)
            .filter(exit -> exit == ChainLooks.OUT_OF_GAS || exit == ChainLooks.INSUFFICIENT_FUNDS)
            .isPresent();
    if (unpaid) {
      return afterPause(sector, services, new SectorRetrySubmitCommit());
    }
    return switch (ChainLooks.seed(sector, services)) {
      case SeedFinding.NoPreCommit _ -> withoutPreCommit(sector, services, seen);
      case SeedFinding.BadSeed _ -> afterPause(sector, services, new SectorRetryWaitSeed());
      case SeedFinding.Good _ -> {
        Optional<Outcome> objection =
            PreCommitStates.checkPieces(sector, services, SectorState.CommitFailed);
        if (objection.isPresent()) {
          yield objection.get();
        }
        int budget = services.config().retry().sealing().budget();
        int times = sector.failures().timesIn(sector.state());
        yield times > budget
            ? Outcome.park(
                "its proof was refused "
                    + times
                    + " times (budget "
                    + budget
                    + "); see the log, then force Committing or PreCommit1")
            : afterPause(sector, services, new SectorRetryComputeProof());
      }
    };
  }

  private static Outcome withoutPreCommit(
      SectorRecord sector, SealingServices services, TipSet seen) throws ChainFault {
    if (ChainLooks.isNumberUsed(sector, services, seen)) {
      return Outcome.park(
          "its number is used on chain, and there is neither a pre-commit nor a proven sector");
    }
    return afterPause(sector, services, new SectorRetryPreCommit());
  }

  static Outcome finalizeFailed(SectorRecord sector, SealingServices services) {
    return afterPause(sector, services, new SectorRetryFinalize());
  }

  static Outcome dealsExpired(SectorRecord sector, SealingServices services) throws ChainFault {
    if (ChainLooks.proven(sector, services).isPresent()) {
      return Outcome.park("its deals have expired, but it is on chain; force Proving");
    }
    return services.config().sectors().removeHopeless()
        ? Outcome.emit(new SectorRemove())
        : Outcome.park("its deals have expired before it was proven; remove it");
  }

  /**
   * Goes on if the chain has the deals after all, or has them under other numbers: a reorganisation
   * may have renumbered what the publish message made. Looks again now and then, for a message that
   * still has to land.
   */
  static Outcome recoverDealIds(SectorRecord sector, SealingServices services) throws ChainFault {
    return switch (PieceChecks.check(sector, services)) {
      case Finding.Good _ -> recovered(sector, Collections.emptySortedMap());
      case Finding.InvalidDeals invalid -> {
        Optional<SortedMap<Integer, DealId>> found = DealSearch.byPublishMessage(sector, services);
        yield found.isPresent()
            ? recovered(sector, found.get())
            : Outcome.parkAndLook(
                invalid.why() + "; correct it on chain, or remove the sector", LOOK_AGAIN);
      }
      case Finding.ExpiredDeals expired -> Outcome.park(expired.why() + "; remove the sector");
      case Finding.InvalidPiece wrong -> Outcome.park(wrong.why());
    };
  }

  private static Outcome recovered(SectorRecord sector, SortedMap<Integer, DealId> ids) {
    return sector.returnState().isEmpty()
        ? Outcome.park("its deals are good, but where it came from is not recorded; force a state")
        : Outcome.emit(new SectorUpdateDealIDs(ids));
  }

  static Outcome removeFailed(SectorRecord sector, SealingServices services) {
    return afterPause(sector, services, new SectorRemove());
  }

  /**
   * Emits the event once the pause since the sector came to its state is over. The spread is drawn
   * from the stay itself, so a restart in the middle does not begin it anew.
   */
  static Outcome afterPause(SectorRecord sector, SealingServices services, SectorEvent event) {
    RetryPolicy policy = services.config().retry().sealing();
    int times = Math.max(1, sector.failures().timesIn(sector.state()));
    if (times > MOST_RETURNS) {
      return Outcome.park(
          "it came to "
              + sector.state()
              + " "
              + times
              + " times (limit "
              + MOST_RETURNS
              + "); see the log for the cause, then force a state to go on");
    }
    SplittableRandom spread =
        new SplittableRandom(sector.sector().number().value() * 31 + sector.moves());
    Instant until = Instant.ofEpochMilli(sector.enteredAtMs()).plus(policy.pause(times, spread));
    if (services.clock().instant().isBefore(until)) {
      return new Outcome.WaitUntil(
          until,
          Optional.empty(),
          "pauses before try " + (times + 1) + ", then " + event.wireName());
    }
    return Outcome.emit(event);
  }
}
