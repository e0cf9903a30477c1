package io.selkie.testkit.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What goes wrong, and how often. Every world has its own mixture: some kinds never happen there.
 */
final class Faults {

  /** Kinds of trouble, with how often one in a million occasions is hit at the usual strength. */
  enum Kind {
    CHAIN_CALL_FAILS(8_000),
    CHAIN_OFFLINE(200_000),
    PUSH_REFUSED(60_000),
    OUT_OF_GAS(30_000),
    ANSWER_LOST(60_000),
    MESSAGE_FAILS(30_000),
    REORG(300_000),
    DISK_FULL(600),
    FORCE_FAILS(600),
    CRASH_BEFORE_WRITE(1_000),
    CRASH_TORN_WRITE(1_500),
    CRASH_AFTER_WRITE(1_500),
    CRASH_AT_WORK(1_000),
    NO_SPACE(20_000),
    FILE_FAULT(15_000),
    BUG(2_000),
    SOURCE_FAILS(20_000);

    private final int perMillion;

    Kind(int perMillion) {
      this.perMillion = perMillion;
    }
  }

  private static final int MILLION = 1_000_000;

  private final RandomGenerator random;
  private final Map<Kind, Integer> rates = new EnumMap<>(Kind.class);
  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private boolean quiet;
  private Kind planned = Kind.BUG;
  private long occasions;

  private Faults(RandomGenerator random, boolean quiet) {
    this.random = random;
    this.quiet = quiet;
    for (Kind kind : Kind.values()) {
      counts.put(kind, 0L);
    }
  }

  /** One trouble alone: this kind, at that occasion, counted from 1. */
  static Faults once(RandomGenerator random, Kind kind, long occasion) {
    Faults faults = new Faults(random, true);
    faults.planned = kind;
    faults.occasions = occasion;
    return faults;
  }

  /** A mixture of all kinds. */
  static Faults any(RandomGenerator random) {
    Faults faults = new Faults(random, false);
    faults.mix();
    return faults;
  }

  private void mix() {
    for (Kind kind : Kind.values()) {
      int strength = random.nextInt(5);
      rates.put(kind, kind.perMillion * strength / 2);
    }
  }

  /** Nothing goes wrong any more. */
  void end() {
    quiet = true;
  }

  boolean areOver() {
    return quiet;
  }

  /** Whether it happens this time. */
  boolean strikes(Kind kind) {
    if (kind == planned && occasions > 0 && --occasions == 0) {
      counts.merge(kind, 1L, Long::sum);
      return true;
    }
    int rate = quiet ? 0 : rates.getOrDefault(kind, 0);
    if (rate == 0 || random.nextInt(MILLION) >= rate) {
      return false;
    }
    counts.merge(kind, 1L, Long::sum);
    return true;
  }

  Map<Kind, Long> counts() {
    return counts;
  }
}
