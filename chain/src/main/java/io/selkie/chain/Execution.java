package io.selkie.chain;

/** What an actor sees while a message runs. */
record Execution(ChainState state, DevnetParams params, PoRepVerifier verifier, long epoch) {}
