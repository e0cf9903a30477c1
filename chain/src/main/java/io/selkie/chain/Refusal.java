package io.selkie.chain;

/** The devnet refuses what it is asked; leaves the module as a ChainFault. */
class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Refusal(String message) {
    super(message);
  }

  /** Refuses unless {@code holds}. */
  static void unless(boolean holds, String message) {
    if (!holds) {
      throw new Refusal(message);
    }
  }

  /** There is no such miner. */
  static final class NoActor extends Refusal {

    private static final long serialVersionUID = 1L;

    NoActor(String message) {
      super(message);
    }
  }
}
