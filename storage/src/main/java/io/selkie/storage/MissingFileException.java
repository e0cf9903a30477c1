package io.selkie.storage;

import java.io.IOException;

/** A sector's file that should be on some path is on none. */
final class MissingFileException extends IOException {
  private static final long serialVersionUID = 1L;

  MissingFileException(String message) {
    super(message);
  }
}
