package io.selkie.storage;

import java.io.IOException;
import java.nio.file.Path;

/** A path has less room than a file needs. */
public final class NoSpaceException extends IOException {
  private static final long serialVersionUID = 1L;

  NoSpaceException(Path file, long neededBytes, long availableBytes) {
    super(
        "no space for "
            + file
            + ": "
            + neededBytes
            + " bytes needed, "
            + availableBytes
            + " available");
  }

  NoSpaceException(String message) {
    super(message);
  }
}
