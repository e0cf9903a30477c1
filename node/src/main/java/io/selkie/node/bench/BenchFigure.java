package io.selkie.node.bench;

/**
 * Something that was measured.
 *
 * @param name for machines
 * @param what for people
 * @param value in {@code unit}
 * @param target what it is held against; NaN for nothing
 * @param atLeast whether more is better
 * @param reference what lotus-miner 1.36.2-dev showed with 100,004 sectors; empty if unknown
 */
record BenchFigure(
    String name,
    String what,
    double value,
    String unit,
    double target,
    boolean atLeast,
    String reference) {

  static BenchFigure atMost(
      String name, String what, double value, String unit, double target, String reference) {
    return new BenchFigure(name, what, value, unit, target, false, reference);
  }

  static BenchFigure atLeast(String name, String what, double value, String unit, double target) {
    return new BenchFigure(name, what, value, unit, target, true, "");
  }

  /** Nothing is asked of it. */
  static BenchFigure plain(String name, String what, double value, String unit, String reference) {
    return new BenchFigure(name, what, value, unit, Double.NaN, false, reference);
  }

  /** Whether it is as good as it should be. */
  boolean isOk() {
    return Double.isNaN(target) || (atLeast ? value >= target : value <= target);
  }

  String verdict() {
    if (Double.isNaN(target)) {
      return "";
    }
    return isOk() ? "ok" : atLeast ? "under" : "over";
  }
}
