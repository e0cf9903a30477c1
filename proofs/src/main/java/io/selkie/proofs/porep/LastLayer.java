package io.selkie.proofs.porep;

import io.selkie.proofs.file.PendingFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Labels in a temporary file, which is deleted when this is closed. */
public final class LastLayer implements AutoCloseable {

  private final PendingFile file;
  private final LayerFile layer;

  private LastLayer(PendingFile file, LayerFile layer) {
    this.file = file;
    this.layer = layer;
  }

  /** An empty layer in a temporary file beside {@code file}. */
  static LastLayer create(Path file, long nodes) throws IOException {
    PendingFile pending = PendingFile.create(file);
    try {
      return new LastLayer(pending, LayerFile.write(pending.channel(), nodes));
    } catch (IOException | RuntimeException e) {
      pending.close();
      throw e;
    }
  }

  /** The labels, 32 bytes for each node, valid until this is closed; for any thread to read. */
  public MemorySegment labels() {
    return layer.labels().asReadOnly();
  }

  LayerFile layer() {
    return layer;
  }

  FileChannel channel() {
    return file.channel();
  }

  /**
   * Unmaps and deletes the file.
   *
   * @throws IOException if it cannot be deleted
   */
  @Override
  public void close() throws IOException {
    layer.close();
    file.close();
  }
}
