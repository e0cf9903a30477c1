package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.file.NodeFile;
import io.selkie.proofs.file.PendingFile;
import io.selkie.proofs.graph.ParentsCache;
import io.selkie.proofs.graph.StackedGraph;
import io.selkie.proofs.merkle.TreeD;
import io.selkie.proofs.pieces.DataCommitment;
import io.selkie.proofs.porep.LabelGenerator;
import io.selkie.proofs.porep.ProofShape;
import io.selkie.proofs.porep.ReplicaId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Pre-commit phase 1: the data tree and the layers of labels. */
public final class SealPreCommit1 {
  private SealPreCommit1() {}

  /**
   * Copies the staged data to {@code sealed}, zero-extended to the sector's size, writes TreeD and
   * all layers into {@code cacheDir}. Layers that are already complete there are kept if they are
   * this replica's.
   *
   * @param pieces all pieces in order, the zero pieces that fill the sector included
   * @param staged the padded data; not changed. A shorter file counts as ending in zeros; what lies
   *     behind the sector's size, the trailer of an unsealed file, is not read
   * @throws IllegalArgumentException if the pieces do not fit the sector
   * @throws DamagedFileException if the staged data does not have the pieces' commitment
   * @throws IOException if a file cannot be read or written
   */
  public static PreCommit1Output run(
      SealSector sector,
      List<PieceInfo> pieces,
      Path staged,
      Path sealed,
      Path cacheDir,
      SealContext context)
      throws IOException {
    return Interruptible.run(
        "pre-commit phase 1", () -> phase(sector, pieces, staged, sealed, cacheDir, context));
  }

  private static PreCommit1Output phase(
      SealSector sector,
      List<PieceInfo> pieces,
      Path staged,
      Path sealed,
      Path cacheDir,
      SealContext context)
      throws IOException {
    ProofShape shape = ProofShape.of(sector.proof());
    Commitment expected = DataCommitment.ofPieces(sector.proof().sectorSize(), pieces);
    Files.createDirectories(cacheDir);
    copy(staged, sealed, sector.proof().sectorSize().bytes(), context);
    Commitment commD = dataTree(shape, sealed, cacheDir, context);
    if (!commD.equals(expected)) {
      throw new DamagedFileException(
          staged, "its data has CommD " + commD + ", the pieces have " + expected);
    }
    byte[] replicaId = ReplicaId.compute(sector.proof(), sector.sector(), sector.ticket(), commD);
    labels(sector.proof(), replicaId, cacheDir, context);
    return new PreCommit1Output(sector.proof(), cacheDir.toString(), commD);
  }

  /** Generates the layers of a replica; those already there are kept if they are its own. */
  static void labels(
      RegisteredSealProof proof, byte[] replicaId, Path cacheDir, SealContext context)
      throws IOException {
    StackedGraph graph = StackedGraph.of(proof);
    try (ParentsCache parents = ParentsCache.open(graph, context)) {
      LabelGenerator.generate(graph, parents, replicaId, cacheDir, context);
    }
  }

  /**
   * Copies under the final name, as phase 2 encodes under it: the directory of a storage path may
   * hold nothing but sectors' files, whenever the process ends.
   */
  private static void copy(Path staged, Path sealed, long sectorBytes, SealContext context)
      throws IOException {
    try (FileChannel source = FileChannel.open(staged, StandardOpenOption.READ)) {
      long size = Math.min(source.size(), sectorBytes);
      if (Files.exists(sealed) && Files.isSameFile(staged, sealed)) {
        throw new IllegalArgumentException(sealed + " is both the staged and the sealed file");
      }
      try (PendingFile target = PendingFile.createInPlace(sealed)) {
        for (long at = 0; at < size; ) {
          long moved = source.transferTo(at, Math.min(size - at, 64L << 20), target.channel());
          if (moved == 0) {
            throw DamagedFileException.ofSize(staged, at, size);
          }
          at += moved;
          context.progress().update("copy", at, sectorBytes);
        }
        if (size < sectorBytes) {
          PendingFile.writeFully(target.channel(), ByteBuffer.allocate(1), sectorBytes - 1);
        }
        target.publish();
      }
    }
  }

  /** Builds TreeD over the data in {@code sealed}; returns CommD. */
  static Commitment dataTree(ProofShape shape, Path sealed, Path cacheDir, SealContext context)
      throws IOException {
    try (NodeFile data = NodeFile.open(sealed, shape.nodes())) {
      byte[] root =
          TreeD.build(
              shape.treeDLevels(),
              (first, into, count) -> DataNodes.read(data, first, into, count),
              cacheDir.resolve(CacheFiles.TREE_D),
              context);
      return new Commitment(root);
    }
  }
}
