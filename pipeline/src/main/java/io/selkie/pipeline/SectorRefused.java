package io.selkie.pipeline;

/**
 * What an operator asked of a sector was refused, and nothing changed; the message says what is
 * missing and what would do.
 */
public final class SectorRefused extends Exception {

  private static final long serialVersionUID = 1;

  /** Refused, for this reason. */
  public SectorRefused(String message) {
    super(message);
  }
}
