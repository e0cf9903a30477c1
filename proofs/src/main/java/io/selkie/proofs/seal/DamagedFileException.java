package io.selkie.proofs.seal;

import java.io.IOException;
import java.nio.file.Path;

/** A file of a sector that exists, but whose size or content is not what it must be. */
public final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Path file;

  /**
   * @param file the file found wrong
   * @param what what was found and what was expected
   */
  public DamagedFileException(Path file, String what) {
    super(file + ": " + what);
    this.file = file;
  }

  /** The file has {@code found} bytes instead of {@code expected}. */
  public static DamagedFileException ofSize(Path file, long found, long expected) {
    return new DamagedFileException(file, found + " bytes, expected " + expected);
  }

  /** The file found wrong. */
  public Path file() {
    return file;
  }
}
