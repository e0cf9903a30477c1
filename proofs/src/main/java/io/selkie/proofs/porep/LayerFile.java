package io.selkie.proofs.porep;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A layer of labels, mapped. */
final class LayerFile implements AutoCloseable {

  private final Arena arena;
  private final MemorySegment labels;

  private LayerFile(Arena arena, MemorySegment labels) {
    this.arena = arena;
    this.labels = labels;
  }

  /** Maps a complete file to read. */
  static LayerFile read(Path file, long nodes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return map(channel, MapMode.READ_ONLY, nodes);
    }
  }

  /** Maps a file to write; it gets its whole length, but no blocks yet. */
  static LayerFile write(FileChannel channel, long nodes) throws IOException {
    return map(channel, MapMode.READ_WRITE, nodes);
  }

  // The arena lives as long as the layer, whose close() closes it.
  @SuppressWarnings("MustBeClosedChecker")
  private static LayerFile map(FileChannel channel, MapMode mode, long nodes) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      long bytes = nodes * LabelKernel.NODE_BYTES;
      return new LayerFile(arena, channel.map(mode, 0, bytes, arena));
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  MemorySegment labels() {
    return labels;
  }

  @Override
  public void close() {
    arena.close();
  }
}
