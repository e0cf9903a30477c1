package io.selkie.testkit.simulation;

/** Something in the world breaks its word, so that it can be seen whether the books notice. */
enum Sabotage {
  /** Everybody keeps the promises of the ports. */
  NONE,
  /** The disk says that it forced and has not. */
  DISK_LIES,
  /** The sealer says that its files are durable, and they are not. */
  SEALER_LIES,
  /** The chain takes a message under a known key for a new one. */
  CHAIN_FORGETS_KEYS,
  /** The journal gives numbers out without marking them. */
  NUMBERS_FORGOTTEN
}
