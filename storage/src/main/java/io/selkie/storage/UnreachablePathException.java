package io.selkie.storage;

import java.io.IOException;
import java.nio.file.Path;

/** A storage path is not where it was: not mounted, or not readable. Its files are not lost. */
final class UnreachablePathException extends IOException {
  private static final long serialVersionUID = 1L;

  UnreachablePathException(Path root, String why) {
    super("storage path " + root + " cannot be reached: " + why + "; is it mounted?");
  }

  /** Copies on other machines that cannot be had now. */
  UnreachablePathException(String why) {
    super(why);
  }
}
