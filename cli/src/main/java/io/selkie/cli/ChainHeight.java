package io.selkie.cli;

import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/**
 * The chain's height: by Selkie's own method or, from a lotus-miner, which lacks that, by the only
 * one that tells it there.
 */
final class ChainHeight {

  private ChainHeight() {}

  /**
   * The height.
   *
   * @throws CommandFailed if the node does not tell
   */
  static long of(Api api) throws CommandFailed {
    JsonNode height;
    try {
      height = api.chainHeight();
    } catch (CommandFailed _) {
      height = api.call("MiningBase").path("Height");
    }
    if (!height.canConvertToLong()) {
      throw new CommandFailed("the node does not tell the chain's height");
    }
    return height.longValue();
  }

  /** The height, for a text that does without it too. */
  static OptionalLong ifKnown(Api api) {
    try {
      return OptionalLong.of(of(api));
    } catch (CommandFailed _) {
      return OptionalLong.empty();
    }
  }
}
