package io.selkie.proofs.seal;

/** Stands in for the phases that are not written yet. */
final class Pending {
  private Pending() {}

  static <T> T step(Object... inputs) {
    if (inputs.length >= 0) {
      throw new UnsupportedOperationException("not written yet");
    }
    return step(inputs);
  }
}
