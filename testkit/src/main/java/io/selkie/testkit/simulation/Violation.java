package io.selkie.testkit.simulation;

/** Something happened that must never happen. */
public final class Violation extends AssertionError {

  private static final long serialVersionUID = 1;

  Violation(String what) {
    super(what);
  }

  Violation(String what, Throwable cause) {
    super(what, cause);
  }
}
