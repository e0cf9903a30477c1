package io.selkie.storage;

import io.selkie.abi.Commitment;
import io.selkie.abi.SectorSize;
import io.selkie.proofs.hashers.Sha256Nodes;
import io.selkie.proofs.seal.DamagedFileException;
import io.selkie.proofs.seal.SealContext;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * CommD of padded data as it lies in a file: every node is read back and hashed, padding bits and
 * all, so that what is compared is what is on disk.
 */
final class DataRoot {

  private static final int NODE_BYTES = 32;

  /** Bytes hashed as one subtree; both powers of two. */
  private static final int CHUNK_BYTES = 1 << 20;

  private DataRoot() {}

  /** The root over the first {@code size} bytes of the file, hashed on the context's threads. */
  static Commitment of(Path file, FileChannel channel, SectorSize size, SealContext context)
      throws IOException {
    int chunk = (int) Math.min(CHUNK_BYTES, size.bytes());
    int chunks = (int) (size.bytes() / chunk);
    byte[] roots = new byte[chunks * NODE_BYTES];
    context.forEachChunk(
        "checking data",
        chunks,
        1,
        (from, to) -> {
          for (int i = (int) from; i < to; i++) {
            byte[] nodes = read(file, channel, (long) i * chunk, chunk);
            System.arraycopy(root(nodes), 0, roots, i * NODE_BYTES, NODE_BYTES);
          }
        });
    return new Commitment(root(roots));
  }

  private static byte[] read(Path file, FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw DamagedFileException.ofSize(file, position + buffer.position(), position + length);
      }
    }
    return buffer.array();
  }

  private static byte[] root(byte[] nodes) {
    byte[] row = nodes;
    while (row.length > NODE_BYTES) {
      byte[] next = new byte[row.length / 2];
      Sha256Nodes.hashPairs(
          MemorySegment.ofArray(row), 0, MemorySegment.ofArray(next), 0, next.length / NODE_BYTES);
      row = next;
    }
    return row;
  }
}
