package io.selkie.node;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what a command failed with into one line for a person; the stack is for bugs only. */
final class ErrorReport implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(Exception thrown, CommandLine line, ParseResult parsed) {
    line.getErr().println("ERROR: " + text(thrown));
    if (isBug(thrown)) {
      thrown.printStackTrace(line.getErr());
    }
    line.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String text(Exception thrown) {
    String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
    return switch (thrown) {
      case NoSuchFileException _ -> "no such file: " + message;
      case FileNotFoundException _ -> "no such file: " + message;
      case AccessDeniedException _ -> "access denied: " + message;
      case FileAlreadyExistsException _ -> "already exists: " + message;
      case NotDirectoryException _ -> "no directory: " + message;
      default -> message;
    };
  }

  private static boolean isBug(Exception thrown) {
    return thrown instanceof RuntimeException
        && !(thrown instanceof IllegalArgumentException)
        && !(thrown.getCause() instanceof IOException);
  }
}
