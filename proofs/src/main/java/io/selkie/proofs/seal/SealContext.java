package io.selkie.proofs.seal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What a phase may use, the same for every sector of a node.
 *
 * @param threads threads that hash at once, 1 to 1024
 * @param parentsCacheDir where the graphs' parents files are kept; shared by all sectors
 * @param progress hears how far each step is
 */
public record SealContext(int threads, Path parentsCacheDir, SealProgress progress) {

  /** The most threads a context takes: beyond it a number is a mistake rather than a machine. */
  public static final int MAX_THREADS = 1024;

  /**
   * @throws IllegalArgumentException if {@code threads} is out of its range
   */
  public SealContext {
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException("threads " + threads + " is not in 1.." + MAX_THREADS);
    }
  }

  /**
   * Splits {@code count} units into ranges of at most {@code chunk} and runs them on the context's
   * threads; returns when all are done. The first failure stops the ranges not yet begun.
   *
   * @param phase the name progress is reported under
   * @param count units in all, 0 or more
   * @param chunk units in a range, at least 1
   * @throws java.io.InterruptedIOException if the calling thread is interrupted
   * @throws IOException the first failure of a range
   */
  public void forEachChunk(String phase, long count, long chunk, ChunkTask task)
      throws IOException {
    new ChunkRun(this, phase, count, chunk, task).run();
  }
}
