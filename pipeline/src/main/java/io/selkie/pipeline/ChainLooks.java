package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.pipeline.ChainNode.MessageLookup;
import io.selkie.pipeline.ChainNode.NetworkTiming;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.RandomnessTag;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.ChainNode.TipSet;
import io.selkie.pipeline.SectorRecord.Drawn;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What several handlers ask the chain, and how they wait for it. */
final class ChainLooks {

  /** The exit code of a message whose sender could not pay. */
  static final long INSUFFICIENT_FUNDS = 6;

  /** The exit code of a message that ran out of gas. */
  static final long OUT_OF_GAS = 7;

  /** A head may be late by this many block delays before the sector looks by itself. */
  private static final int PATIENCE_BLOCKS = 10;

  /** What is wrong with the seed. */
  sealed interface SeedFinding {
    /** Pre-commit and seed fit. */
    record Good(PreCommitOnChain preCommit) implements SeedFinding {}

    /** No pre-commit on chain. */
    record NoPreCommit() implements SeedFinding {}

    /** A reorganisation of the chain moved the pre-commit or changed the randomness. */
    record BadSeed(String why) implements SeedFinding {}
  }

  private ChainLooks() {}

  /** Until the chain reaches the epoch. */
  static Outcome untilEpoch(
      SealingServices services, ChainEpoch head, ChainEpoch epoch, String reason) {
    long epochs = Math.max(1, epoch.value() - head.value()) + PATIENCE_BLOCKS;
    Duration delay = Duration.ofMillis(services.chain().timing().blockDelayMs());
    return new Outcome.WaitUntil(
        services.after(delay.multipliedBy(epochs)), Optional.of(epoch), reason);
  }

  static Outcome untilNextHead(SealingServices services, ChainEpoch head, String reason) {
    return untilEpoch(services, head, head.plus(1), reason);
  }

  /** An epoch as a time, from the network's block delay; in the past if it is over. */
  static Instant timeOf(SealingServices services, ChainEpoch head, long epoch) {
    Duration delay = Duration.ofMillis(services.chain().timing().blockDelayMs());
    return services.after(delay.multipliedBy(epoch - head.value()));
  }

  /** The sector on chain, if it is the replica we sealed. */
  static Optional<SectorOnChain> proven(SectorRecord sector, SealingServices services)
      throws ChainFault {
    return services
        .chain()
        .sectorInfo(services.miner(), sector.sector().number())
        .filter(found -> sector.preCommit().commR().map(found.sealedCid()::equals).orElse(true));
  }

  static Optional<PreCommitOnChain> preCommit(SectorRecord sector, SealingServices services)
      throws ChainFault {
    return services.chain().preCommitInfo(services.miner(), sector.sector().number());
  }

  static Optional<MessageLookup> message(Optional<Cid> message, SealingServices services)
      throws ChainFault {
    return message.isEmpty() ? Optional.empty() : services.chain().searchMessage(message.get());
  }

  /**
   * Whether a message that was sent may still take effect: it has not landed, or not for good. A
   * second one now would be one too many.
   */
  static boolean isPending(Optional<Cid> message, ChainEpoch head, SealingServices services)
      throws ChainFault {
    if (message.isEmpty()) {
      return false;
    }
    Optional<MessageLookup> lookup = services.chain().searchMessage(message.get());
    return lookup.isEmpty() || confirmedAt(lookup.get(), services.chain().timing()).isAfter(head);
  }

  /**
   * Whether the chain has the number in use, though a look at it found no trace of the sector; both
   * looks were at the same tip set.
   *
   * @param seen the head before the first look
   * @throws ChainFault also if the head has moved since: the sector may have landed in between
   */
  static boolean isNumberUsed(SectorRecord sector, SealingServices services, TipSet seen)
      throws ChainFault {
    if (!services.chain().isSectorAllocated(services.miner(), sector.sector().number())) {
      return false;
    }
    TipSet now = services.chain().head();
    if (!now.equals(seen)) {
      throw new ChainFault(
          ChainFault.Kind.OTHER,
          "the head moved from " + seen.height() + " to " + now.height() + " between two looks");
    }
    return true;
  }

  /** The first epoch at which a message that landed there counts as final. */
  static ChainEpoch confirmedAt(MessageLookup lookup, NetworkTiming timing) {
    return lookup.tipSet().height().plus(timing.messageConfidence());
  }

  /** Whether the seed still belongs to the pre-commit on chain. */
  static SeedFinding seed(SectorRecord sector, SealingServices services) throws ChainFault {
    Optional<PreCommitOnChain> found = preCommit(sector, services);
    if (found.isEmpty()) {
      return new SeedFinding.NoPreCommit();
    }
    Optional<Drawn> seed = sector.commit().seed();
    if (seed.isEmpty()) {
      return new SeedFinding.BadSeed("no seed was drawn");
    }
    ChainEpoch expected = seedEpoch(found.get(), services.chain().timing());
    if (!seed.get().epoch().equals(expected)) {
      return new SeedFinding.BadSeed(
          "the seed is of epoch " + seed.get().epoch() + ", the pre-commit's is " + expected);
    }
    if (!services
        .chain()
        .beaconRandomness(RandomnessTag.INTERACTIVE_SEAL_CHALLENGE, expected, services.entropy())
        .equals(seed.get().value())) {
      return new SeedFinding.BadSeed("the randomness of epoch " + expected + " has changed");
    }
    return new SeedFinding.Good(found.get());
  }

  static ChainEpoch seedEpoch(PreCommitOnChain preCommit, NetworkTiming timing) {
    return preCommit.preCommitEpoch().plus(timing.preCommitChallengeDelay());
  }
}
