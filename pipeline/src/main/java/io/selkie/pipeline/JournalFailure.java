package io.selkie.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The journal cannot be written: nothing moves any more, and the process should end. */
final class JournalFailure extends UncheckedIOException {

  private static final long serialVersionUID = 1;

  JournalFailure(IOException cause) {
    super("the journal cannot be written: " + cause.getMessage(), cause);
  }
}
