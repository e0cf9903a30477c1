package io.selkie.cli;

import io.selkie.abi.BitField;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the chain holds of the miner: the sectors that are not terminated, and those that count for
 * power.
 */
record ChainView(BitField live, BitField active) {

  /** The view, where the node offers it; a lotus-miner does not. */
  static Optional<ChainView> ifKnown(Api api) {
    try {
      JsonNode sets = api.callSelkie("MinerSectorSets");
      return Optional.of(
          new ChainView(
              NumberRanges.ofJson(sets.path("Live")), NumberRanges.ofJson(sets.path("Active"))));
    } catch (CommandFailed _) {
      return Optional.empty();
    }
  }
}
