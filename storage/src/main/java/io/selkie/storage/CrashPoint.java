package io.selkie.storage;

/** Told of every step after which the disk is in a new state; tests stop the work there. */
@FunctionalInterface
interface CrashPoint {

  /** Goes on. */
  CrashPoint NONE = step -> {};

  /** The step is done and durable. */
  void after(String step);
}
