package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import io.selkie.proofs.field.FrNodes;
import io.selkie.proofs.file.NodeFile;
import io.selkie.proofs.file.PendingFile;
import io.selkie.proofs.hashers.Poseidon;
import io.selkie.proofs.merkle.RowSink;
import io.selkie.proofs.merkle.TreeBuild;
import io.selkie.proofs.merkle.TreeC;
import io.selkie.proofs.merkle.TreeD;
import io.selkie.proofs.merkle.TreeRLast;
import io.selkie.proofs.porep.ProofShape;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Pre-commit phase 2: the column tree, the replica and its tree. */
public final class SealPreCommit2 {
  private SealPreCommit2() {}

  /**
   * Writes TreeC, the encoded replica over {@code sealed}, tree-r-last, p_aux and t_aux. The data
   * is read from TreeD, so the phase may run again whatever {@code sealed} holds; that data is
   * hashed again first, so no replica of damaged data is made.
   *
   * @throws DamagedFileException if a file of phase 1 has the wrong size, or TreeD does not hold
   *     the data of CommD
   * @throws IOException if a file cannot be read or written
   */
  public static PreCommit2Output run(
      PreCommit1Output phase1, Path sealed, Path cacheDir, SealContext context) throws IOException {
    return Interruptible.run("pre-commit phase 2", () -> phase(phase1, sealed, cacheDir, context));
  }

  private static PreCommit2Output phase(
      PreCommit1Output phase1, Path sealed, Path cacheDir, SealContext context) throws IOException {
    ProofShape shape = ProofShape.of(phase1.proof());
    List<Closeable> open = new ArrayList<>();
    try {
      TreeD treeD = TreeD.open(shape.treeDLevels(), cacheDir.resolve(CacheFiles.TREE_D));
      open.add(treeD);
      List<NodeFile> layers = new ArrayList<>();
      for (int layer = 1; layer <= shape.layers(); layer++) {
        layers.add(NodeFile.open(cacheDir.resolve(CacheFiles.layer(layer)), shape.nodes()));
        open.add(layers.getLast());
      }
      checkData(phase1, shape, treeD.file(), context);
      byte[] commC = TreeC.build(shape.tree(), layers, cacheDir, context);
      byte[] commRLast = encode(shape, layers.getLast(), treeD.file(), sealed, cacheDir, context);
      byte[] commR = Poseidon.ofArity(2).hash(commC, commRLast);
      PersistentAux aux = new PersistentAux(new Commitment(commC), new Commitment(commRLast));
      aux.write(cacheDir);
      PendingFile.writeWhole(
          cacheDir.resolve(CacheFiles.T_AUX), TemporaryAux.toBytes(shape, cacheDir.toString()));
      return new PreCommit2Output(
          phase1.proof(), new Commitment(commR), phase1.commD(), aux.commC(), aux.commRLast());
    } finally {
      for (Closeable file : open) {
        file.close();
      }
    }
  }

  private static void checkData(
      PreCommit1Output phase1, ProofShape shape, NodeFile treeD, SealContext context)
      throws IOException {
    byte[] root =
        TreeBuild.sha256(shape.treeDLevels())
            .build(
                context,
                "check data",
                (first, into, count) -> DataNodes.read(treeD, first, into, count),
                RowSink.NONE);
    if (!new Commitment(root).equals(phase1.commD())) {
      throw new DamagedFileException(
          treeD.path(),
          "its data has CommD " + new Commitment(root) + ", phase 1 had " + phase1.commD());
    }
  }

  /** Writes the replica and builds its tree from the same memory; returns CommRLast. */
  private static byte[] encode(
      ProofShape shape,
      NodeFile lastLayer,
      NodeFile treeD,
      Path sealed,
      Path cacheDir,
      SealContext context)
      throws IOException {
    try (FileChannel replica =
        FileChannel.open(sealed, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      replica.truncate(shape.nodes() * NodeFile.NODE_BYTES);
      byte[] commRLast =
          TreeRLast.build(
              shape.tree(),
              (first, into, count) -> {
                encode(lastLayer, treeD, first, into, count);
                PendingFile.writeFully(
                    replica,
                    into.asSlice(0, count * NodeFile.NODE_BYTES).asByteBuffer(),
                    first * NodeFile.NODE_BYTES);
              },
              cacheDir,
              context);
      replica.force(true);
      PendingFile.forceDirectory(sealed);
      return commRLast;
    }
  }

  private static void encode(
      NodeFile lastLayer, NodeFile treeD, long first, MemorySegment into, long count)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment labels = arena.allocate(count * NodeFile.NODE_BYTES, NodeFile.NODE_BYTES);
      DataNodes.read(lastLayer, first, labels, count);
      treeD.read(first, into, 0, count);
      FrNodes.add(labels, 0, into, 0, into, 0, count);
    }
  }
}
