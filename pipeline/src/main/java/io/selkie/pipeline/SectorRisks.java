package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.ChainNode.NetworkTiming;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.ProvingDeadline;
import io.selkie.pipeline.ChainNode.SectorExpiration;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.ChainNode.SectorPlace;
import io.selkie.pipeline.Risk.Danger;
import io.selkie.pipeline.SectorState.Bucket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a sector loses if something has not happened by an epoch: its record and the chain. */
final class SectorRisks {

  /**
   * What the chain says of a sector, all of it empty for one that the chain does not know.
   *
   * @param deadline where the miner stands, for a sector that has a place
   */
  record OnChain(
      ChainEpoch head,
      Optional<PreCommitOnChain> preCommit,
      Optional<SectorOnChain> proven,
      Optional<SectorExpiration> expiration,
      Optional<SectorPlace> place,
      Optional<ProvingDeadline> deadline) {

    static OnChain of(ChainNode chain, ActorId miner, SectorNumber number) throws ChainFault {
      Optional<SectorPlace> place = chain.sectorPlace(miner, number);
      return new OnChain(
          chain.head().height(),
          chain.preCommitInfo(miner, number),
          chain.sectorInfo(miner, number),
          chain.sectorExpiration(miner, number),
          place,
          place.isPresent() ? Optional.of(chain.provingDeadline(miner)) : Optional.empty());
    }
  }

  private SectorRisks() {}

  /**
   * The risks, the earliest first.
   *
   * @param seen what the chain says; empty if it does not answer
   */
  static List<Risk> of(SectorRecord sector, Optional<OnChain> seen, NetworkTiming timing) {
    List<Risk> all = new ArrayList<>();
    if (seen.flatMap(OnChain::proven).isPresent()) {
      proven(all, seen.get());
    } else if (isToBeProven(sector)) {
      unproven(all, sector, seen, timing);
    }
    all.sort(Comparator.comparing(Risk::epoch));
    return List.copyOf(all);
  }

  private static boolean isToBeProven(SectorRecord sector) {
    return sector.knownState().map(state -> state.bucket(false) != Bucket.PROVING).orElse(true);
  }

  private static void unproven(
      List<Risk> all, SectorRecord sector, Optional<OnChain> seen, NetworkTiming timing) {
    long start = PreCommitStates.firstDealStart(sector);
    if (start != Long.MAX_VALUE) {
      all.add(new Risk(Danger.DEAL_START, new ChainEpoch(start)));
    }
    Optional<ChainEpoch> committed =
        seen.isPresent()
            ? seen.get().preCommit().map(PreCommitOnChain::preCommitEpoch)
            : landed(sector, timing);
    long longest = SealingLimits.maxProveCommit(sector.sealProof());
    if (committed.isPresent() && longest > 0) {
      all.add(new Risk(Danger.PRE_COMMIT, committed.get().plus(longest)));
    }
    boolean landed = committed.isPresent() || (seen.isEmpty() && !isTicketOpen(sector));
    if (!landed && sector.ticket().isPresent()) {
      all.add(
          new Risk(
              Danger.TICKET, sector.ticket().get().epoch().plus(SealingLimits.MAX_TICKET_AGE)));
    }
  }

  private static boolean isTicketOpen(SectorRecord sector) {
    return sector.preCommit().tipSet().isEmpty();
  }

  /** From the seed, which is drawn a fixed time after the pre-commit has landed. */
  private static Optional<ChainEpoch> landed(SectorRecord sector, NetworkTiming timing) {
    return isTicketOpen(sector)
        ? Optional.empty()
        : sector.commit().seed().map(seed -> seed.epoch().plus(-timing.preCommitChallengeDelay()));
  }

  private static void proven(List<Risk> all, OnChain seen) {
    if (seen.place().isPresent() && seen.deadline().isPresent()) {
      all.add(new Risk(Danger.FAULT_CUTOFF, cutoff(seen.place().get(), seen.deadline().get())));
    }
    seen.expiration()
        .ifPresent(expiration -> {
          if (expiration.early().value() > 0) {
            all.add(new Risk(Danger.FAULTY_TOO_LONG, expiration.early()));
          }
          if (expiration.onTime().value() > 0) {
            all.add(new Risk(Danger.EXPIRATION, expiration.onTime()));
          }
        });
  }

  /** Before the next opening of its deadline for which there is still time. */
  private static ChainEpoch cutoff(SectorPlace place, ProvingDeadline now) {
    long windows = Math.floorMod(place.deadline() - now.index() - 1, now.deadlines());
    return now.close().plus(windows * now.windowEpochs() - SealingLimits.FAULT_CUTOFF);
  }
}
