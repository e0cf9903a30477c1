package io.selkie.proofs.porep;

import io.selkie.proofs.file.PendingFile;
import io.selkie.proofs.graph.ParentsCache;
import io.selkie.proofs.graph.StackedGraph;
import io.selkie.proofs.seal.CacheFiles;
import io.selkie.proofs.seal.SealContext;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a sector's layers of labels, the slow part of sealing.
 *
 * <p>A label hashes the one before it, so a layer is the work of one thread and only sectors can be
 * labelled beside each other; in later layers a second thread, if the context has two, fetches what
 * is known beforehand. Layers are mapped files: the heap does not grow with the sector, and what
 * the system keeps of them in memory is what makes the random reads fast (two layers and the
 * parents at best).
 *
 * <p>Source: Filecoin specification, "Stacked DRG proof of replication"; rust-fil-proofs,
 * storage-proofs-porep stacked/vanilla/create_label.
 */
public final class LabelGenerator {

  /**
   * Nodes labelled between two looks at the thread's interruption: about ten milliseconds. Their
   * bytes are written as zeros first, so that a full disk is an exception here and not a signal at
   * the mapping.
   */
  private static final int CHUNK_NODES = 8192;

  /** The smallest layer for which a second thread is started. */
  private static final int MIN_NODES_AHEAD = CHUNK_NODES;

  /** Labels of a layer found in the directory that are computed again before it is believed. */
  private static final int CHECKED_LABELS = 64;

  private final StackedGraph graph;
  private final ParentsCache parents;
  private final byte[] replicaId;
  private final SealContext context;

  private LabelGenerator(
      StackedGraph graph, ParentsCache parents, byte[] replicaId, SealContext context) {
    if (parents.nodeCount() != graph.nodeCount()) {
      throw new IllegalArgumentException(
          "parents of " + parents.nodeCount() + " nodes, the graph has " + graph.nodeCount());
    }
    if (replicaId.length != LabelKernel.NODE_BYTES) {
      throw new IllegalArgumentException("replica id of " + replicaId.length + " bytes, not 32");
    }
    this.graph = graph;
    this.parents = parents;
    this.replicaId = replicaId.clone();
    this.context = context;
  }

  /**
   * Writes every layer's file into {@code cacheDir}. Each appears under its name when it is
   * complete and forced. Complete layers of an earlier run are used again if they have the right
   * length and sampled labels of them are right; others are written anew.
   *
   * @param parents those of {@code graph}
   * @param replicaId 32 bytes
   * @param cacheDir the sector's cache, which exists
   * @throws InterruptedIOException if the thread is interrupted; layers already complete stay
   * @throws IOException if a file cannot be written or read
   */
  public static void generate(
      StackedGraph graph,
      ParentsCache parents,
      byte[] replicaId,
      Path cacheDir,
      SealContext context)
      throws IOException {
    new LabelGenerator(graph, parents, replicaId, context).writeAll(cacheDir);
  }

  /**
   * Computes the last layer alone, for unsealing. All layers are computed, two at a time, in
   * temporary files in {@code workDir}; none is forced, and none is left when the result is closed.
   *
   * @param parents those of {@code graph}
   * @param replicaId 32 bytes
   * @param workDir an existing directory with room for two layers, not the sector's own cache
   * @throws InterruptedIOException if the thread is interrupted
   * @throws IOException if a file cannot be written or read
   */
  public static LastLayer lastLayer(
      StackedGraph graph, ParentsCache parents, byte[] replicaId, Path workDir, SealContext context)
      throws IOException {
    return new LabelGenerator(graph, parents, replicaId, context).computeLast(workDir);
  }

  private void writeAll(Path cacheDir) throws IOException {
    @Nullable LayerFile previous = null;
    try {
      for (int layer = 1; layer <= graph.layerCount(); layer++) {
        Path file = cacheDir.resolve(CacheFiles.layer(layer));
        if (isComplete(file, layer, previous)) {
          context.progress().update(phase(layer), graph.nodeCount(), graph.nodeCount());
        } else {
          write(file, layer, previous);
        }
        if (previous != null) {
          previous.close();
          previous = null;
        }
        previous = LayerFile.read(file, graph.nodeCount());
      }
    } finally {
      if (previous != null) {
        previous.close();
      }
    }
  }

  private void write(Path file, int layer, @Nullable LayerFile previous) throws IOException {
    try (PendingFile pending = PendingFile.create(file)) {
      try (LayerFile written = LayerFile.write(pending.channel(), graph.nodeCount())) {
        label(layer, previous, written, pending.channel());
        written.labels().force();
      }
      pending.publish();
    }
  }

  private LastLayer computeLast(Path workDir) throws IOException {
    @Nullable LastLayer previous = null;
    try {
      for (int layer = 1; layer <= graph.layerCount(); layer++) {
        Path file = workDir.resolve("unseal-" + CacheFiles.layer(layer));
        LastLayer current = LastLayer.create(file, graph.nodeCount());
        try {
          label(
              layer,
              previous == null ? null : previous.layer(),
              current.layer(),
              current.channel());
        } catch (IOException | RuntimeException e) {
          current.close();
          throw e;
        }
        if (previous != null) {
          previous.close();
        }
        previous = current;
      }
    } catch (IOException | RuntimeException e) {
      if (previous != null) {
        previous.close();
      }
      throw e;
    }
    return Objects.requireNonNull(previous, "a graph has a layer");
  }

  /** Labels a whole layer; {@code previous} is absent for the first alone. */
  private void label(
      int layer, @Nullable LayerFile previous, LayerFile written, FileChannel channel)
      throws IOException {
    LabelWorkspace workspace = new LabelWorkspace(replicaId, layer);
    long nodes = graph.nodeCount();
    String phase = phase(layer);
    ByteBuffer zeros =
        ByteBuffer.allocateDirect((int) Math.min(CHUNK_NODES, nodes) * LabelKernel.NODE_BYTES);
    try (@Nullable ExpanderAhead ahead = ahead(layer, previous)) {
      for (long from = 0; from < nodes; from += CHUNK_NODES) {
        if (Thread.interrupted()) {
          throw new InterruptedIOException(phase + " interrupted at node " + from + " of " + nodes);
        }
        PendingFile.writeFully(channel, zeros.clear(), from * LabelKernel.NODE_BYTES);
        long to = Math.min(from + CHUNK_NODES, nodes);
        if (previous == null) {
          LabelKernel.first(workspace, parents.rows(), written.labels(), from, to);
        } else if (ahead == null) {
          alone(workspace, previous.labels(), written.labels(), from, to);
        } else {
          behind(ahead, workspace, written.labels(), from, to);
        }
        context.progress().update(phase, to, nodes);
      }
    } catch (DigestException e) {
      throw new IllegalStateException("32 bytes hold a SHA-256", e);
    } catch (ClosedByInterruptException | InterruptedException e) {
      Thread.interrupted(); // the exception carries the interruption from here on
      InterruptedIOException interrupted = new InterruptedIOException(phase + " interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  /** A second thread for the expander parents, where there are any, it may run, and it pays. */
  private @Nullable ExpanderAhead ahead(int layer, @Nullable LayerFile previous) {
    if (previous == null || context.threads() < 2 || graph.nodeCount() < MIN_NODES_AHEAD) {
      return null;
    }
    return ExpanderAhead.start(
        replicaId, layer, parents.rows(), previous.labels(), graph.nodeCount());
  }

  /** Labels nodes of a later layer, gathering all parents on this thread. */
  private void alone(
      LabelWorkspace w, MemorySegment previous, MemorySegment layer, long from, long to)
      throws DigestException {
    MemorySegment rows = parents.rows();
    for (long node = from; node < to; node += LabelKernel.BATCH) {
      int count = (int) Math.min(LabelKernel.BATCH, to - node);
      w.sink = LabelKernel.gather(w.parents, w.slots, 0, rows, previous, node, count);
      LabelKernel.later(w, w.slots, 0, rows, layer, node, count);
    }
  }

  /** Labels nodes of a later layer whose expander parents another thread has gathered. */
  private void behind(
      ExpanderAhead ahead, LabelWorkspace w, MemorySegment layer, long from, long to)
      throws DigestException, InterruptedException {
    for (long stretch = from; stretch < to; stretch += ExpanderAhead.NODES) {
      byte[] slots = ahead.next();
      for (int i = 0; i < ExpanderAhead.NODES; i += LabelKernel.BATCH) {
        LabelKernel.later(w, slots, i, parents.rows(), layer, stretch + i, LabelKernel.BATCH);
      }
      ahead.release(slots);
    }
  }

  private boolean isComplete(Path file, int layer, @Nullable LayerFile previous)
      throws IOException {
    long nodes = graph.nodeCount();
    if (!Files.exists(file) || Files.size(file) != nodes * LabelKernel.NODE_BYTES) {
      return false;
    }
    try (LayerFile found = LayerFile.read(file, nodes)) {
      long checked = Math.min(CHECKED_LABELS, nodes);
      for (long i = 0; i < checked; i++) {
        long node = i * (nodes - 1) / Math.max(checked - 1, 1);
        if (!Arrays.equals(node(found.labels(), node), expected(layer, node, previous, found))) {
          return false;
        }
      }
      return true;
    }
  }

  /** What the label of {@code node} must be, given those of its parents. */
  private byte[] expected(int layer, long node, @Nullable LayerFile previous, LayerFile found) {
    int[] numbers = new int[StackedGraph.DEGREE];
    parents.parents(node, numbers);
    byte[][] labels = new byte[LabelScalar.hashedParents(layer, node)][];
    for (int i = 0; i < labels.length; i++) {
      LayerFile source = i < StackedGraph.BASE_DEGREE || previous == null ? found : previous;
      labels[i] = node(source.labels(), numbers[i]);
    }
    return LabelScalar.label(replicaId, layer, node, labels);
  }

  private static String phase(int layer) {
    return "layer " + layer;
  }

  private static byte[] node(MemorySegment labels, long node) {
    return labels
        .asSlice(node * LabelKernel.NODE_BYTES, LabelKernel.NODE_BYTES)
        .toArray(ValueLayout.JAVA_BYTE);
  }
}
