package io.selkie.proofs.seal;

/** What the verifier found. */
public sealed interface Verdict {

  /** Every check held. */
  record Valid() implements Verdict {}

  /**
   * A check failed.
   *
   * @param reason the first check that failed: what, where, found and expected
   */
  record Invalid(String reason) implements Verdict {}
}
