package io.selkie.proofs.seal;

/** Hears how far a phase is. Calls come from one thread at a time, in no fixed rhythm. */
@FunctionalInterface
public interface SealProgress {

  /** Hears nothing. */
  SealProgress NONE = (phase, done, total) -> {};

  /**
   * Part of the phase is done.
   *
   * @param phase what is being done, such as {@code layer 3} or {@code tree-c}
   * @param done units done, 0 to {@code total}; never falls within a phase
   * @param total units of the phase, usually nodes
   */
  void update(String phase, long done, long total);
}
