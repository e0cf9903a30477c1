package io.selkie.store;

/** A write that does not follow what is recorded; nothing of it was applied. */
final class OutOfSequence extends Exception {

  private static final long serialVersionUID = 1L;

  OutOfSequence(String message) {
    super(message);
  }
}
