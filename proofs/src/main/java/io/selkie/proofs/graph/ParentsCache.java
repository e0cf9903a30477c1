package io.selkie.proofs.graph;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.selkie.proofs.file.PendingFile;
import io.selkie.proofs.seal.SealContext;
import io.selkie.proofs.seal.SealProgress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The parents of all nodes of a graph, kept in a file and mapped: 56 bytes per node, no header.
 *
 * <p>Name and content are the reference's, so the two share files. All sectors and layers of one
 * proof use the same one: 896 MiB for 512 MiB sectors, 56 GiB for 32 GiB sectors. Safe for any
 * number of threads until closed.
 */
public final class ParentsCache implements AutoCloseable {

  /** Bytes of a node's row: 14 little-endian 32-bit node numbers. */
  public static final int ROW_BYTES = StackedGraph.DEGREE * Integer.BYTES;

  private static final ValueLayout.OfInt PARENT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Nodes computed and written at once: 224 KiB of rows. */
  private static final int CHUNK_NODES = 4096;

  /** Rows compared with the graph when a file is found: spread evenly, the last one among them. */
  private static final int CHECKED_ROWS = 512;

  /** One file is generated at a time in this process; the file lock keeps out other processes. */
  private static final ReentrantLock GENERATING = new ReentrantLock();

  private final Arena arena;
  private final MemorySegment rows;
  private final long nodeCount;

  private ParentsCache(Arena arena, MemorySegment rows, long nodeCount) {
    this.arena = arena;
    this.rows = rows;
    this.nodeCount = nodeCount;
  }

  /**
   * Opens the graph's file in {@code dir} with all processors for a first generation.
   *
   * @see #open(StackedGraph, SealContext)
   */
  public static ParentsCache open(Path dir, StackedGraph graph) throws IOException {
    int processors = Math.min(Runtime.getRuntime().availableProcessors(), SealContext.MAX_THREADS);
    return open(graph, new SealContext(processors, dir, SealProgress.NONE));
  }

  /**
   * Opens the graph's file in the context's directory. It is generated if it is missing, has
   * another length, or differs from the graph in a row that is looked at.
   *
   * @throws java.io.InterruptedIOException if the thread is interrupted while generating
   * @throws IOException if the file cannot be read or written
   */
  // The arena lives as long as the cache, whose close() closes it.
  @SuppressWarnings("MustBeClosedChecker")
  public static ParentsCache open(StackedGraph graph, SealContext context) throws IOException {
    Path file = context.parentsCacheDir().resolve(fileName(graph));
    if (!holds(file, graph)) {
      Files.createDirectories(context.parentsCacheDir());
      GENERATING.lock();
      try {
        generate(file, graph, context);
      } catch (ClosedByInterruptException | FileLockInterruptionException e) {
        Thread.interrupted(); // the exception carries the interruption from here on
        InterruptedIOException interrupted =
            new InterruptedIOException("generating " + file + " interrupted");
        interrupted.initCause(e);
        throw interrupted;
      } finally {
        GENERATING.unlock();
      }
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, READ)) {
      MemorySegment rows =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, graph.nodeCount() * ROW_BYTES, arena);
      return new ParentsCache(arena, rows, graph.nodeCount());
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** The reference's name of the graph's file, {@code v28-sdr-parent-<id>.cache}. */
  static String fileName(StackedGraph graph) {
    return "v28-sdr-parent-" + graph.cacheId() + ".cache";
  }

  /** Nodes in the graph, rows in the file. */
  public long nodeCount() {
    return nodeCount;
  }

  /**
   * The parents of a node as {@link StackedGraph#parents} gives them.
   *
   * @throws IndexOutOfBoundsException if the node is not in the graph or {@code into} too short
   */
  public void parents(long node, int[] into) {
    Objects.checkIndex(node, nodeCount);
    MemorySegment.copy(rows, PARENT, node * ROW_BYTES, into, 0, StackedGraph.DEGREE);
  }

  /** All rows, read-only, valid until this is closed: for kernels that walk through them. */
  public MemorySegment rows() {
    return rows;
  }

  /** Unmaps the file; no thread may use the rows any more. */
  @Override
  public void close() {
    arena.close();
  }

  /** Whether the file is there, has the graph's length, and agrees with it in the sampled rows. */
  private static boolean holds(Path file, StackedGraph graph) throws IOException {
    if (!Files.exists(file) || Files.size(file) != graph.nodeCount() * ROW_BYTES) {
      return false;
    }
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file, READ)) {
      MemorySegment rows = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      int[] expected = new int[StackedGraph.DEGREE];
      long checked = Math.min(CHECKED_ROWS, graph.nodeCount());
      for (long i = 1; i <= checked; i++) {
        long node = graph.nodeCount() * i / checked - 1;
        graph.parents(node, expected);
        for (int parent = 0; parent < StackedGraph.DEGREE; parent++) {
          if (rows.get(PARENT, node * ROW_BYTES + parent * 4L) != expected[parent]) {
            return false;
          }
        }
      }
      return true;
    }
  }

  /**
   * Writes the file beside its place, forces it and renames it. Another process that waits for the
   * lock finds the file complete and leaves it alone.
   */
  private static void generate(Path file, StackedGraph graph, SealContext context)
      throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + PendingFile.SUFFIX);
    boolean left = true;
    try (FileChannel channel = FileChannel.open(temporary, CREATE, READ, WRITE);
        FileLock lock = channel.lock()) {
      Objects.requireNonNull(lock, "a blocking lock is never refused");
      if (holds(file, graph)) {
        left = false;
        return;
      }
      channel.truncate(0);
      int[] tables = graph.permutation().tables();
      context.forEachChunk(
          "parents",
          graph.nodeCount(),
          CHUNK_NODES,
          (from, to) -> writeRows(graph, tables, from, to, channel));
      channel.force(true);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      left = false;
    } finally {
      if (left) {
        Files.deleteIfExists(temporary); // up to 112 GiB, which a full disk needs back
      }
    }
    PendingFile.forceDirectory(file);
  }

  private static void writeRows(
      StackedGraph graph, int[] tables, long from, long to, FileChannel channel)
      throws IOException {
    ByteBuffer out =
        ByteBuffer.allocateDirect((int) (to - from) * ROW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ParentsKernel.rows(graph, tables, from, to, out);
    out.flip();
    PendingFile.writeFully(channel, out, from * ROW_BYTES);
  }
}
