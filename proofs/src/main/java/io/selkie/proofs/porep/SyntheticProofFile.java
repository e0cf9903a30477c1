package io.selkie.proofs.porep;

import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.file.NodeFile;
import io.selkie.proofs.file.PendingFile;
import io.selkie.proofs.graph.StackedGraph;
import io.selkie.proofs.merkle.InclusionProof;
import io.selkie.proofs.merkle.PathElement;
import io.selkie.proofs.merkle.TreeShape;
import io.selkie.proofs.seal.DamagedFileException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The vanilla proofs of a synthetic sector's pool: three roots, then a record of fixed length for
 * each challenge of the pool, so that the selected ones are read without the others.
 *
 * <pre>
 *   comm_d | comm_c | comm_r_last
 *   record: challenge u64, 14 parents u64,
 *           TreeD leaf and siblings,
 *           column, TreeC leaf and siblings        of the node,
 *           column, TreeC leaf and siblings        of each parent,
 *           TreeR leaf and siblings
 * </pre>
 *
 * <p>Positions in groups are not stored, they follow from the nodes. Source: rust-fil-proofs,
 * storage-proofs-porep stacked/vanilla/synthetic (SynthProofs).
 */
public final class SyntheticProofFile implements Closeable {
  private static final int NODE_BYTES = NodeFile.NODE_BYTES;
  private static final int HEADER_BYTES = 3 * NODE_BYTES;

  private final Path path;
  private final FileChannel channel;
  private final RegisteredSealProof proof;
  private final ProofShape shape;
  private final byte[][] roots = new byte[3][];

  private SyntheticProofFile(Path path, FileChannel channel, RegisteredSealProof proof)
      throws IOException {
    this.path = path;
    this.channel = channel;
    this.proof = proof;
    this.shape = ProofShape.of(proof);
    long expected = size(proof);
    if (channel.size() != expected) {
      throw DamagedFileException.ofSize(path, channel.size(), expected);
    }
    ByteBuffer header = read(0, HEADER_BYTES);
    for (int i = 0; i < roots.length; i++) {
      roots[i] = node(header);
    }
  }

  /** Challenges in the pool. */
  static long poolSize(RegisteredSealProof proof) {
    return Challenges.poolSize(proof.sectorSize().nodeCount());
  }

  /** The pool entries that the seed selects, one for each challenge of the proof. */
  public static int[] selected(RegisteredSealProof proof, byte[] replicaId, Randomness seed) {
    ProofShape shape = ProofShape.of(proof);
    int count = shape.partitions() * shape.challengesPerPartition();
    return Challenges.syntheticIndexes(replicaId, seed, poolSize(proof), count);
  }

  /** Bytes of the file of a sector with this proof. */
  static long size(RegisteredSealProof proof) {
    return HEADER_BYTES + poolSize(proof) * recordBytes(ProofShape.of(proof));
  }

  /** Bytes of a record: 42,744 for 32 GiB. */
  static int recordBytes(ProofShape shape) {
    TreeShape tree = shape.tree();
    int poseidonPath =
        1
            + (TreeShape.BASE_ARITY - 1) * tree.baseLevels()
            + Math.max(tree.subArity() - 1, 0)
            + Math.max(tree.topArity() - 1, 0);
    int columns = 1 + ProofShape.PARENTS;
    int nodes = 1 + shape.treeDLevels() + columns * (shape.layers() + poseidonPath) + poseidonPath;
    return (1 + ProofShape.PARENTS) * Long.BYTES + nodes * NODE_BYTES;
  }

  /** Writes the roots at the start of a file. */
  public static void writeHeader(PendingFile file, byte[] commD, byte[] commC, byte[] commRLast)
      throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.put(commD).put(commC).put(commRLast).flip();
    PendingFile.writeFully(file.channel(), header, 0);
  }

  /** Writes the proof of pool entry {@code index} to its place. */
  public static void writeRecord(
      PendingFile file, ProofShape shape, long index, long challenge, VanillaProof proof)
      throws IOException {
    int size = recordBytes(shape);
    ByteBuffer record = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    List<ColumnProof> parents = new ArrayList<>(proof.drgParents());
    parents.addAll(proof.expParents());
    record.putLong(challenge);
    parents.forEach(parent -> record.putLong(parent.index()));
    putPath(record, proof.commD());
    putColumn(record, proof.column());
    parents.forEach(parent -> putColumn(record, parent));
    putPath(record, proof.commRLast());
    PendingFile.writeFully(file.channel(), record.flip(), HEADER_BYTES + index * size);
  }

  private static void putColumn(ByteBuffer record, ColumnProof column) {
    column.rows().forEach(record::put);
    putPath(record, column.inclusion());
  }

  private static void putPath(ByteBuffer record, InclusionProof path) {
    record.put(path.leaf());
    for (List<PathElement> level : List.of(path.base(), path.sub(), path.top())) {
      level.forEach(element -> element.hashes().forEach(record::put));
    }
  }

  /**
   * Opens a file.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws DamagedFileException if it has the wrong size
   * @throws IOException if it cannot be read
   */
  public static SyntheticProofFile open(RegisteredSealProof proof, Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new SyntheticProofFile(path, channel, proof);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Whether the file's proofs are of these roots. */
  public boolean hasRoots(byte[] commD, byte[] commC, byte[] commRLast) {
    return Arrays.equals(roots[0], commD)
        && Arrays.equals(roots[1], commC)
        && Arrays.equals(roots[2], commRLast);
  }

  /**
   * The proof of pool entry {@code index}. It is as true as the file is; verify it.
   *
   * @param challenge the challenge the entry must be of
   * @throws DamagedFileException if it is of another challenge or has other parents
   * @throws IOException if it cannot be read
   */
  public VanillaProof read(long index, long challenge) throws IOException {
    int size = recordBytes(shape);
    ByteBuffer record = read(HEADER_BYTES + index * size, size);
    long[] nodes = new long[1 + ProofShape.PARENTS];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = record.getLong();
    }
    checkNodes(index, challenge, nodes);
    InclusionProof commD = path(record, challenge, roots[0], 2, shape.treeDLevels(), 0, 0);
    ColumnProof column = column(record, challenge);
    List<ColumnProof> parents = new ArrayList<>();
    for (int i = 1; i < nodes.length; i++) {
      parents.add(column(record, nodes[i]));
    }
    InclusionProof commRLast = poseidonPath(record, challenge, roots[2]);
    return VanillaProver.assemble(shape, commD, commRLast, column, parents);
  }

  private void checkNodes(long index, long challenge, long[] nodes) throws IOException {
    int[] parents = new int[ProofShape.PARENTS];
    StackedGraph.of(proof).parents(challenge, parents);
    boolean same = nodes[0] == challenge;
    for (int i = 0; i < parents.length; i++) {
      same &= nodes[i + 1] == Integer.toUnsignedLong(parents[i]);
    }
    if (!same) {
      throw new DamagedFileException(
          path,
          "record "
              + index
              + " is of nodes "
              + Arrays.toString(nodes)
              + ", challenge "
              + challenge);
    }
  }

  private ColumnProof column(ByteBuffer record, long index) {
    return new ColumnProof(
        index, nodes(record, shape.layers()), poseidonPath(record, index, roots[1]));
  }

  private InclusionProof poseidonPath(ByteBuffer record, long leaf, byte[] root) {
    TreeShape tree = shape.tree();
    return path(
        record,
        leaf,
        root,
        TreeShape.BASE_ARITY,
        tree.baseLevels(),
        tree.subArity(),
        tree.topArity());
  }

  private static InclusionProof path(
      ByteBuffer record,
      long leafIndex,
      byte[] root,
      int arity,
      int levels,
      int subArity,
      int topArity) {
    byte[] leaf = node(record);
    long index = leafIndex;
    List<PathElement> base = new ArrayList<>();
    for (int level = 0; level < levels; level++) {
      base.add(new PathElement(nodes(record, arity - 1), index % arity));
      index /= arity;
    }
    List<PathElement> sub = joined(record, index, subArity);
    List<PathElement> top = joined(record, index / Math.max(subArity, 1), topArity);
    return new InclusionProof(root, leaf, List.copyOf(base), sub, top);
  }

  private static List<PathElement> joined(ByteBuffer record, long index, int arity) {
    return arity == 0
        ? List.of()
        : List.of(new PathElement(nodes(record, arity - 1), index % arity));
  }

  private static List<byte[]> nodes(ByteBuffer record, int count) {
    List<byte[]> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(node(record));
    }
    return List.copyOf(nodes);
  }

  private static byte[] node(ByteBuffer record) {
    byte[] node = new byte[NODE_BYTES];
    record.get(node);
    return node;
  }

  private ByteBuffer read(long position, int size) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    long at = position;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, at);
      if (read < 0) {
        throw DamagedFileException.ofSize(path, channel.size(), size(proof));
      }
      at += read;
    }
    return buffer.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
