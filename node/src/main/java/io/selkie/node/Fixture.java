package io.selkie.node;

/** What a conformance server holds. */
enum Fixture {
  /** Eleven sectors of miner f01000 in one storage path. */
  F1,
  /** The same, with deals that lie somewhere. */
  F1R
}
