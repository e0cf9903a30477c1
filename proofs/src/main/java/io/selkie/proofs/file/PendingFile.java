package io.selkie.proofs.file;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file being written under a temporary name beside its own. {@link #publish} forces it to disk
 * and then gives it its name, so whoever finds the name finds the whole content; closing without it
 * deletes what was written. Any number of threads may write at once. Only with {@link
 * #createInPlace} can a kill leave a part under the final name.
 */
public final class PendingFile implements Closeable {

  /** What the temporary name ends with. */
  public static final String SUFFIX = ".tmp";

  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private boolean published;

  private PendingFile(Path target, Path temporary, FileChannel channel) {
    this.target = target;
    this.temporary = temporary;
    this.channel = channel;
  }

  /**
   * Begins a file; what an earlier run left under the temporary name is overwritten.
   *
   * @throws IOException if it cannot be created
   */
  public static PendingFile create(Path target) throws IOException {
    return open(target, target.resolveSibling(target.getFileName() + SUFFIX));
  }

  /**
   * As {@link #create}, but under its own name from the start, for directories that may hold
   * nothing else: a kill leaves it cut short there.
   *
   * @throws IOException if it cannot be created
   */
  public static PendingFile createInPlace(Path target) throws IOException {
    return open(target, target);
  }

  private static PendingFile open(Path target, Path temporary) throws IOException {
    FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    return new PendingFile(target, temporary, channel);
  }

  /**
   * Writes {@code bytes} whole, so that the file is there complete or not at all.
   *
   * @throws IOException if it cannot be written
   */
  public static void writeWhole(Path target, byte[] bytes) throws IOException {
    try (PendingFile file = create(target)) {
      writeFully(file.channel, ByteBuffer.wrap(bytes), 0);
      file.publish();
    }
  }

  /** The channel of the temporary file. */
  public FileChannel channel() {
    return channel;
  }

  /**
   * Writes {@code size} bytes of native memory from {@code offset} on to {@code position}.
   *
   * @throws IOException if they cannot be written
   */
  public void write(MemorySegment from, long offset, long size, long position) throws IOException {
    writeFully(channel, from.asSlice(offset, size).asByteBuffer(), position);
  }

  /** Writes all that remains in {@code buffer} at {@code position}. */
  public static void writeFully(FileChannel channel, ByteBuffer buffer, long position)
      throws IOException {
    long at = position;
    while (buffer.hasRemaining()) {
      at += channel.write(buffer, at);
    }
  }

  /**
   * Forces the content to disk, then gives the file its name.
   *
   * @throws IOException if either fails
   */
  public void publish() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    published = true;
    forceDirectory(target);
  }

  /** Forces the directory of {@code file}, so that its name survives a loss of power. */
  public static void forceDirectory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (!published) {
      Files.deleteIfExists(temporary);
    }
  }
}
