package io.selkie.cli;

/** A command that did not do what it was asked for; its message is for the operator. */
final class CommandFailed extends Exception {

  private static final long serialVersionUID = 1L;

  CommandFailed(String message) {
    super(message);
  }

  CommandFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
