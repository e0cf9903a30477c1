package io.selkie.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The journal cannot be written: nothing moves any more, and the process should end. */
public final class JournalFailure extends UncheckedIOException {

  private static final long serialVersionUID = 1;

  /** The failure of a write. */
  public JournalFailure(IOException cause) {
    super("the journal cannot be written: " + cause.getMessage(), cause);
  }
}
