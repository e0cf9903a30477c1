package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.SectorSize;
import io.selkie.pipeline.ChainNode.NetworkTiming;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Which pieces may come, and when a sector stops waiting for more. Pure. */
final class InputRules {

  /** When a sector is packed: at once, at a time, or not yet (it has no piece). */
  sealed interface Packing {
    /** Now, because. */
    record Now(String why) implements Packing {}

    /** Then at the latest. */
    record At(Instant at) implements Packing {}

    /** Nothing to pack. */
    record NotYet() implements Packing {}
  }

  private InputRules() {}

  /** Why the piece may not come, in the reference's words. */
  static Optional<String> objection(PieceDealInfo info, ChainEpoch head, long bufferEpochs) {
    Optional<String> problem = info.problem();
    if (problem.isPresent()) {
      return problem.map(text -> "piece metadata invalid: " + text);
    }
    ChainEpoch start = info.dealSchedule().startEpoch();
    if (head.plus(bufferEpochs).isAfter(start)) {
      return Optional.of(
          "cannot add piece for deal with piece CID "
              + info.pieceCid().map(Object::toString).orElse("<nil>")
              + ": current epoch "
              + head
              + " has passed deal proposal start epoch "
              + start);
    }
    return Optional.empty();
  }

  /** Pieces with data in one sector; a policy of the reference, the chain has no such limit. */
  static int maxDeals(SectorSize size) {
    return size == SectorSize.GIB_64 ? 512 : 256;
  }

  /** Whether the sector has as many as it may. */
  static boolean isAtDealLimit(SectorRecord sector) {
    long deals = sector.pieces().stream().filter(SectorPiece::hasDeal).count();
    return deals >= maxDeals(sector.sealProof().sectorSize());
  }

  /**
   * When to pack. The earliest of all deals decides, where the reference takes the last one; a
   * sector without a recorded piece waits, where the reference packs it at once.
   */
  static Packing packing(
      SectorRecord sector,
      SealingConfig.Input config,
      NetworkTiming timing,
      ChainEpoch head,
      Instant now) {
    if (isAtDealLimit(sector)) {
      return new Packing.Now("maxdeals");
    }
    if (sector.usedPaddedBytes() == sector.sealProof().sectorSize().bytes()) {
      return new Packing.Now("filled");
    }
    OptionalLong firstStart =
        sector.pieces().stream()
            .flatMap(piece -> piece.dealInfo().stream())
            .mapToLong(info -> info.dealSchedule().startEpoch().value())
            .min();
    if (sector.createdAtS() == 0 || firstStart.isEmpty()) {
      return new Packing.NotYet();
    }
    Instant byDelay = Instant.ofEpochSecond(sector.createdAtS()).plus(config.waitDealsDelay());
    long epochsLeft = firstStart.getAsLong() - config.startEpochSealingBuffer() - head.value();
    Instant byDeal = now.plus(Duration.ofMillis(timing.blockDelayMs()).multipliedBy(epochsLeft));
    Instant at = byDeal.isBefore(byDelay) ? byDeal : byDelay;
    return at.isAfter(now) ? new Packing.At(at) : new Packing.Now("wait-timeout");
  }
}
