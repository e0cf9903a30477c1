package io.selkie.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Changes to files that are on disk when the call returns. */
final class DurableFiles {

  /** Bytes per copy call: an interruption is noticed between two of them. */
  private static final long COPY_BYTES = 64L << 20;

  private DurableFiles() {}

  /** Replaces the file's content as a whole: a crash leaves the old or the new, never a mixture. */
  static void write(Path target, byte[] content) throws IOException {
    Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      writeFully(channel, ByteBuffer.wrap(content), 0);
      channel.force(true);
    }
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceDirectory(parent(target));
  }

  static void writeFully(FileChannel channel, ByteBuffer from, long position) throws IOException {
    long at = position;
    while (from.hasRemaining()) {
      at += channel.write(from, at);
    }
  }

  /** Reads a small file whole; one above {@code limitBytes} is refused. */
  static byte[] readSmall(Path file, long limitBytes) throws IOException {
    long size = Files.size(file);
    if (size > limitBytes) {
      throw new IOException(file + " has " + size + " bytes, more than the limit " + limitBytes);
    }
    return Files.readAllBytes(file);
  }

  /** Makes names created, renamed or deleted in a directory durable. */
  static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static void forceFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " has no directory");
    }
    return parent;
  }

  /** Renames within one filesystem, replacing a file; both directories are forced. */
  static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceDirectory(parent(to));
    forceDirectory(parent(from));
  }

  /** As {@link #rename}, but answers false where the two are on different filesystems. */
  static boolean tryRename(Path from, Path to) throws IOException {
    try {
      rename(from, to);
      return true;
    } catch (AtomicMoveNotSupportedException _) { // another filesystem: the caller copies
      return false;
    }
  }

  /** Copies a file's bytes and forces them. */
  static void copyFile(Path from, Path to) throws IOException {
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(
                to,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      copyRange(in, out, 0, in.size());
      out.force(true);
    }
  }

  /** Copies a range to the same place of another file. */
  static void copyRange(FileChannel in, FileChannel out, long from, long to) throws IOException {
    long at = from;
    while (at < to) {
      out.position(at);
      long moved = in.transferTo(at, Math.min(COPY_BYTES, to - at), out);
      if (moved <= 0) {
        throw new IOException("file ends at " + at + " while copying up to " + to);
      }
      at += moved;
    }
  }

  /** Copies a flat directory of files, each forced, and then the directory itself. */
  static void copyFlatDirectory(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var listing = Files.newDirectoryStream(from)) {
      for (Path file : listing) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(file + " is not a plain file; a cache directory holds only files");
        }
        copyFile(file, to.resolve(file.getFileName()));
      }
    }
    forceDirectory(to);
  }

  /** Whether every file of {@code other} is in {@code kept} with the same content. */
  static boolean sameFlatDirectory(Path kept, Path other) throws IOException {
    try (var listing = Files.newDirectoryStream(other)) {
      for (Path file : listing) {
        Path twin = kept.resolve(file.getFileName());
        if (!Files.isRegularFile(twin, LinkOption.NOFOLLOW_LINKS)
            || Files.mismatch(file, twin) >= 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** Deletes a file or a directory with all in it, without following links. Absent is no error. */
  static void deleteTree(Path root) throws IOException {
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                throws IOException {
              if (failure != null) {
                throw failure;
              }
              Files.deleteIfExists(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException _) { // nothing there is what was wanted
      return;
    }
    forceDirectory(parent(root));
  }
}
