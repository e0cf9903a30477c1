package io.selkie.chain;

/** How a message ended (fvm_shared error/mod.rs). */
enum ExitCode {
  OK(0),
  /** The sender lacks the value it sends. */
  SYS_INSUFFICIENT_FUNDS(6),
  USR_ILLEGAL_ARGUMENT(16),
  USR_NOT_FOUND(17),
  USR_FORBIDDEN(18),
  /** The actor lacks what it would have to lock. */
  USR_INSUFFICIENT_FUNDS(19),
  USR_ILLEGAL_STATE(20),
  /** The parameters cannot be read. */
  USR_SERIALIZATION(21),
  USR_UNHANDLED_MESSAGE(22),
  /** A defect of the actor itself. */
  USR_ASSERTION_FAILED(24);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
