package io.selkie.storage;

import java.io.IOException;

/** The bytes that came are not the piece that was announced. */
final class RejectedSourceException extends IOException {
  private static final long serialVersionUID = 1L;

  RejectedSourceException(String message) {
    super(message);
  }
}
