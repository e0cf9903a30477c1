package io.selkie.testkit.simulation;

/** One life of the program. What it had in memory is gone when it is over. */
final class Life {

  private boolean over;
  private boolean standing;

  /** The process is killed at this instant. */
  void end() {
    over = true;
  }

  boolean isOver() {
    return over;
  }

  /** The journal failed: from here on the process must do nothing but end. */
  void standStill() {
    standing = true;
  }

  boolean standsStill() {
    return standing;
  }
}
