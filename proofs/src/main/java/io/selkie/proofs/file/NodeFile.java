package io.selkie.proofs.file;

import io.selkie.proofs.seal.DamagedFileException;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of 32-byte nodes, read at any position by any number of threads. It is read, not mapped: a
 * failing disk or a file cut short meanwhile then is an exception instead of a signal.
 */
public final class NodeFile implements Closeable {

  /** Bytes of a node. */
  public static final int NODE_BYTES = 32;

  private final Path path;
  private final FileChannel channel;
  private final long nodes;

  private NodeFile(Path path, FileChannel channel, long nodes) {
    this.path = path;
    this.channel = channel;
    this.nodes = nodes;
  }

  /**
   * Opens a file that must hold exactly {@code nodes} nodes.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws DamagedFileException if it has another size
   * @throws IOException if it cannot be opened
   */
  public static NodeFile open(Path path, long nodes) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      if (channel.size() != nodes * NODE_BYTES) {
        throw DamagedFileException.ofSize(path, channel.size(), nodes * NODE_BYTES);
      }
      return new NodeFile(path, channel, nodes);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Where the file is. */
  public Path path() {
    return path;
  }

  /** How many nodes it holds. */
  public long nodes() {
    return nodes;
  }

  /**
   * Reads {@code count} nodes from {@code first} on.
   *
   * @param into native memory, at byte {@code offset}
   * @throws DamagedFileException if the file has become shorter
   * @throws IOException if it cannot be read
   */
  public void read(long first, MemorySegment into, long offset, long count) throws IOException {
    ByteBuffer buffer = into.asSlice(offset, count * NODE_BYTES).asByteBuffer();
    read(first, buffer);
  }

  /** The node at {@code index}; throws as {@link #read} does. */
  public byte[] node(long index) throws IOException {
    byte[] node = new byte[NODE_BYTES];
    read(index, ByteBuffer.wrap(node));
    return node;
  }

  /** {@code count} nodes from {@code first} on, one after the other; throws as above. */
  public byte[] nodes(long first, int count) throws IOException {
    byte[] nodes = new byte[count * NODE_BYTES];
    read(first, ByteBuffer.wrap(nodes));
    return nodes;
  }

  private void read(long first, ByteBuffer buffer) throws IOException {
    long at = first * NODE_BYTES;
    if (first < 0 || at + buffer.remaining() > nodes * NODE_BYTES) {
      throw new IndexOutOfBoundsException(
          path + ": " + buffer.remaining() + " bytes at node " + first + " of " + nodes);
    }
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, at);
      if (read < 0) {
        throw DamagedFileException.ofSize(path, channel.size(), nodes * NODE_BYTES);
      }
      at += read;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
