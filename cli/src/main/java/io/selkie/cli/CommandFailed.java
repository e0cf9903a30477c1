package io.selkie.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** A command that did not do what it was asked for; its message is for the operator. */
final class CommandFailed extends Exception {

  private static final long serialVersionUID = 1L;

  CommandFailed(String message) {
    super(message);
  }

  CommandFailed(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * A file that cannot be used; Java's exceptions say why by their class alone.
   *
   * @param doing such as {@code reading FILE}
   */
  static CommandFailed ofFile(String doing, IOException e) {
    String why =
        switch (e) {
          case NoSuchFileException _ -> "there is no such file or directory";
          case AccessDeniedException _ -> "that is not allowed";
          case FileSystemException because when because.getReason() != null -> because.getReason();
          default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    return new CommandFailed(doing + ": " + why, e);
  }
}
