package io.selkie.pipeline;

/** A piece that was not taken; the message is the reference's where it has one. */
public final class PieceRefused extends Exception {

  private static final long serialVersionUID = 1;

  /** Not taken, for this reason. */
  public PieceRefused(String message) {
    super(message);
  }
}
