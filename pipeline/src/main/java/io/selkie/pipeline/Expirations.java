package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import io.selkie.pipeline.ChainNode.NetworkTiming;
import java.time.Duration;
import java.util.OptionalLong;

/** How long a sector is promised to live; pure. */
final class Expirations {

  private static final long EPOCH_SECONDS = 30;

  private Expirations() {}

  /**
   * The expiration to pre-commit: as long as its longest deal, or as configured without one, and
   * within what the chain accepts.
   */
  static ChainEpoch choose(
      SectorRecord sector,
      Duration committedCapacityLifetime,
      NetworkTiming timing,
      ChainEpoch head) {
    OptionalLong lastEnd =
        sector.pieces().stream()
            .flatMap(piece -> piece.dealInfo().stream())
            .mapToLong(info -> info.dealSchedule().endEpoch().value())
            .filter(end -> end >= head.value())
            .max();
    long longest = SealingLimits.maxExtension(timing.networkVersion());
    long wanted =
        lastEnd.isPresent()
            ? lastEnd.getAsLong()
            : head.value() + lifetime(committedCapacityLifetime, longest);
    long ticketEpoch = sector.ticket().map(t -> t.epoch().value()).orElse(head.value());
    long least =
        Math.max(
            head.value() + SealingLimits.MIN_EXPIRATION + SealingLimits.EPOCHS_PER_DAY,
            ticketEpoch
                + SealingLimits.MAX_TICKET_AGE
                + SealingLimits.maxProveCommit(sector.sealProof())
                + SealingLimits.MIN_EXPIRATION);
    long most = head.value() + timing.preCommitChallengeDelay() + longest;
    return new ChainEpoch(Math.min(Math.max(wanted, least), most));
  }

  private static long lifetime(Duration configured, long longest) {
    long epochs = configured.toSeconds() / EPOCH_SECONDS;
    if (epochs == 0 || epochs > longest) {
      return longest;
    }
    if (epochs < SealingLimits.MIN_EXPIRATION) {
      return SealingLimits.MIN_EXPIRATION;
    }
    return epochs - 2 * SealingLimits.PROVING_PERIOD;
  }
}
