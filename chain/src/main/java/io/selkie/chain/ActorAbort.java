package io.selkie.chain;

/** An actor refuses a message, or one sector of it: nothing of it happens. */
final class ActorAbort extends Exception {

  private static final long serialVersionUID = 1L;

  private final ExitCode code;

  ActorAbort(ExitCode code, String message) {
    super(message);
    this.code = code;
  }

  ExitCode code() {
    return code;
  }

  /** Aborts with an illegal argument unless {@code holds}. */
  static void require(boolean holds, String message) throws ActorAbort {
    if (!holds) {
      throw new ActorAbort(ExitCode.USR_ILLEGAL_ARGUMENT, message);
    }
  }
}
