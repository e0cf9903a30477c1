package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import io.selkie.proofs.field.FrNodes;
import io.selkie.proofs.file.NodeFile;
import io.selkie.proofs.file.PendingFile;
import io.selkie.proofs.fr32.Fr32;
import io.selkie.proofs.graph.ParentsCache;
import io.selkie.proofs.graph.StackedGraph;
import io.selkie.proofs.merkle.PathCheck;
import io.selkie.proofs.merkle.RowSink;
import io.selkie.proofs.merkle.TreeBuild;
import io.selkie.proofs.porep.LabelGenerator;
import io.selkie.proofs.porep.LastLayer;
import io.selkie.proofs.porep.ReplicaId;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Data back from a replica. All labels are computed again, which costs what phase 1 costs; two
 * layers at a time are on disk in the scratch directory. The data is believed only if it has the
 * sector's CommD.
 */
public final class Unseal {
  private static final int NODE_BYTES = NodeFile.NODE_BYTES;

  /** fr32 groups decoded for a range at once: 1 MiB. */
  private static final long RANGE_GROUPS = 8192;

  private static final long GROUP_NODES = Fr32.PADDED_GROUP_BYTES / NODE_BYTES;

  private Unseal() {}

  /**
   * Writes the padded data of the whole sector to {@code target} from offset 0 on, and forces it.
   * After a failure what {@code target} holds is undefined.
   *
   * @param sealed the replica; not changed
   * @param workDir a scratch directory for temporary files, created if need be; never a sector's
   *     cache directory
   * @throws IllegalArgumentException if CommD is zero or no field element
   * @throws DamagedFileException if the replica does not decode to data with this CommD
   * @throws IOException if a file cannot be read or written
   */
  public static void sector(
      SealSector sector,
      Commitment commD,
      Path sealed,
      Path workDir,
      FileChannel target,
      SealContext context)
      throws IOException {
    Interruptible.run("unseal", () -> decodeAll(sector, commD, sealed, workDir, target, context));
  }

  private static long decodeAll(
      SealSector sector,
      Commitment commD,
      Path sealed,
      Path workDir,
      FileChannel target,
      SealContext context)
      throws IOException {
    try (NodeFile replica = open(sector, commD, sealed);
        LastLayer labels = labels(sector, commD, workDir, context)) {
      decode(
          replica,
          labels.labels(),
          commD,
          (row, first, nodes, offset, count) -> {
            if (row == 0) {
              PendingFile.writeFully(
                  target,
                  nodes.asSlice(offset, count * NODE_BYTES).asByteBuffer(),
                  first * NODE_BYTES);
            }
          },
          context);
      target.force(true);
      return replica.nodes();
    }
  }

  /**
   * Writes a range of the sector's client bytes, after the whole sector was found to decode to data
   * with this CommD.
   *
   * @param workDir as for {@link #sector}
   * @param offsetUnpadded where the range starts, a multiple of 127
   * @param sizeUnpadded its bytes, a multiple of 127
   * @throws IllegalArgumentException if the range is not so aligned or not within the sector, or
   *     CommD is zero or no field element
   * @throws DamagedFileException if the replica does not decode to data with this CommD
   * @throws IOException if a file cannot be read or the stream not be written
   */
  public static void range(
      SealSector sector,
      Commitment commD,
      Path sealed,
      Path workDir,
      long offsetUnpadded,
      long sizeUnpadded,
      OutputStream to,
      SealContext context)
      throws IOException {
    checkRange(sector, offsetUnpadded, sizeUnpadded);
    Interruptible.run(
        "unseal",
        () ->
            decodeRange(sector, commD, sealed, workDir, offsetUnpadded, sizeUnpadded, to, context));
  }

  private static long decodeRange(
      SealSector sector,
      Commitment commD,
      Path sealed,
      Path workDir,
      long offsetUnpadded,
      long sizeUnpadded,
      OutputStream to,
      SealContext context)
      throws IOException {
    try (NodeFile replica = open(sector, commD, sealed);
        LastLayer labels = labels(sector, commD, workDir, context)) {
      decode(replica, labels.labels(), commD, RowSink.NONE, context);
      long end = (offsetUnpadded + sizeUnpadded) / Fr32.UNPADDED_GROUP_BYTES;
      for (long group = offsetUnpadded / Fr32.UNPADDED_GROUP_BYTES; group < end; ) {
        long groups = Math.min(end - group, RANGE_GROUPS);
        to.write(unpadded(replica, labels.labels(), group, groups));
        group += groups;
      }
      to.flush();
      return sizeUnpadded;
    }
  }

  private static void checkRange(SealSector sector, long offset, long size) {
    long limit = sector.proof().sectorSize().unpadded().bytes();
    boolean aligned =
        offset % Fr32.UNPADDED_GROUP_BYTES == 0 && size % Fr32.UNPADDED_GROUP_BYTES == 0;
    if (offset < 0 || size < 0 || offset > limit || size > limit - offset || !aligned) {
      throw new IllegalArgumentException(
          "range of "
              + size
              + " bytes at "
              + offset
              + ": both must be multiples of 127 and within the sector's "
              + limit);
    }
  }

  private static NodeFile open(SealSector sector, Commitment commD, Path sealed)
      throws IOException {
    if (commD.isZero() || !PathCheck.isCanonical(commD.bytes())) {
      throw new IllegalArgumentException("CommD " + commD + " is zero or no field element");
    }
    return NodeFile.open(sealed, sector.proof().sectorSize().nodeCount());
  }

  private static LastLayer labels(
      SealSector sector, Commitment commD, Path workDir, SealContext context) throws IOException {
    Files.createDirectories(workDir);
    byte[] replicaId = ReplicaId.compute(sector.proof(), sector.sector(), sector.ticket(), commD);
    StackedGraph graph = StackedGraph.of(sector.proof());
    try (ParentsCache parents = ParentsCache.open(graph, context)) {
      return LabelGenerator.lastLayer(graph, parents, replicaId, workDir, context);
    }
  }

  /** Decodes every node, hands the data on and holds it to CommD. */
  private static void decode(
      NodeFile replica, MemorySegment labels, Commitment commD, RowSink sink, SealContext context)
      throws IOException {
    int levels = Long.numberOfTrailingZeros(replica.nodes());
    byte[] root =
        TreeBuild.sha256(levels)
            .build(
                context,
                "decode",
                (first, into, count) -> decode(replica, labels, first, into, count),
                sink);
    if (!new Commitment(root).equals(commD)) {
      throw new DamagedFileException(
          replica.path(),
          "decodes to data with CommD " + new Commitment(root) + ", expected " + commD);
    }
  }

  private static void decode(
      NodeFile replica, MemorySegment labels, long first, MemorySegment into, long count)
      throws IOException {
    DataNodes.read(replica, first, into, count);
    FrNodes.subtract(into, 0, labels, first * NODE_BYTES, into, 0, count);
  }

  private static byte[] unpadded(
      NodeFile replica, MemorySegment labels, long firstGroup, long groups) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      long nodes = groups * GROUP_NODES;
      MemorySegment padded = arena.allocate(nodes * NODE_BYTES, NODE_BYTES);
      decode(replica, labels, firstGroup * GROUP_NODES, padded, nodes);
      MemorySegment data = arena.allocate(groups * Fr32.UNPADDED_GROUP_BYTES, NODE_BYTES);
      Fr32.unpad(padded, 0, data, 0, groups);
      return data.toArray(ValueLayout.JAVA_BYTE);
    }
  }
}
