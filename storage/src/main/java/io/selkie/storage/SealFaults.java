package io.selkie.storage;

import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SealFault.Kind;
import io.selkie.proofs.seal.DamagedFileException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;

/** Turns what went wrong into the fault the pipeline handles. */
final class SealFaults {

  private SealFaults() {}

  /**
   * The fault for a failure.
   *
   * @param doing what was being done, such as {@code "adding a piece to sector s-t01000-3"}
   */
  static SealFault of(String doing, Exception failure) {
    String text = doing + ": " + message(failure);
    return switch (failure) {
      case RejectedSourceException e -> new SealFault(Kind.BAD_REQUEST, text, e);
      case NoSpaceException e -> new SealFault(Kind.NO_SPACE, text, e);
      case UnreachablePathException e -> new SealFault(Kind.UNREACHABLE, text, e);
      case MissingFileException e -> new SealFault(Kind.MISSING_FILE, text, e);
      case NoSuchFileException e -> new SealFault(Kind.MISSING_FILE, text, e);
      case DamagedFileException e -> new SealFault(Kind.DAMAGED_FILE, text, e);
      case ClosedByInterruptException e -> cancelled(text, e);
      case InterruptedIOException e -> cancelled(text, e);
      case InterruptedException e -> cancelled(text, e);
      case IOException e when isDiskFull(e) -> new SealFault(Kind.NO_SPACE, text, e);
      case IOException e -> new SealFault(Kind.IO, text, e);
      case IllegalArgumentException e -> new SealFault(Kind.BAD_REQUEST, text, e);
      default -> throw new IllegalStateException(text, failure);
    };
  }

  static SealFault badRequest(String text) {
    return new SealFault(Kind.BAD_REQUEST, text);
  }

  private static SealFault cancelled(String text, Exception failure) {
    // The fault carries the interruption from here on; a status left set would break the closing
    // of files and whatever the thread does next.
    boolean _ = Thread.interrupted();
    return new SealFault(Kind.CANCELLED, text, failure);
  }

  private static String message(Exception failure) {
    return switch (failure) {
      case NoSuchFileException e -> "file " + e.getFile() + " is missing";
      case ClosedByInterruptException _ -> "interrupted";
      case InterruptedException _ -> "interrupted while waiting for its locks";
      default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
    };
  }

  /**
   * What Linux and the JDK say for ENOSPC, EDQUOT and EFBIG; there is no exception type for them.
   */
  private static boolean isDiskFull(IOException failure) {
    String text = String.valueOf(failure.getMessage());
    return text.contains("No space left on device")
        || text.contains("Disk quota exceeded")
        || text.contains("File too large");
  }
}
