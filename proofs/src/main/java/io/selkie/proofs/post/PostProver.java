package io.selkie.proofs.post;

import io.selkie.abi.SectorSize;
import io.selkie.proofs.merkle.InclusionProof;
import io.selkie.proofs.merkle.TreeRLast;
import io.selkie.proofs.merkle.TreeShape;
import io.selkie.proofs.seal.DamagedFileException;
import io.selkie.proofs.seal.Interruptible;
import io.selkie.proofs.seal.PersistentAux;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Proves from a sealed file and what is kept of its cache that the replica is there: p_aux and
 * tree-r-last, nothing else. Nothing is written.
 *
 * <p>Source: rust-fil-proofs, filecoin-proofs api/post_util.rs (generate_single_vanilla_proof);
 * storage-proofs-post fallback/vanilla.rs (vanilla_proof).
 */
public final class PostProver {
  private PostProver() {}

  /**
   * The vanilla proof of a sector, verified.
   *
   * @param nodes the challenged nodes, below the sector's count of them
   * @throws DamagedFileException if a file is wrong: its size, or what it proves
   * @throws java.io.InterruptedIOException if the thread was interrupted
   * @throws IOException if a file is missing or cannot be read
   */
  public static SectorPostProof prove(
      SectorSize size, PostSector sector, long[] nodes, Path sealed, Path cacheDir)
      throws IOException {
    return Interruptible.run(
        "proof of spacetime", () -> proof(size, sector, nodes, sealed, cacheDir));
  }

  private static SectorPostProof proof(
      SectorSize size, PostSector sector, long[] nodes, Path sealed, Path cacheDir)
      throws IOException {
    PersistentAux aux = PersistentAux.read(cacheDir, sector.commR());
    List<InclusionProof> paths = new ArrayList<>(nodes.length);
    try (TreeRLast tree = TreeRLast.open(TreeShape.of(size), sealed, cacheDir)) {
      for (long node : nodes) {
        paths.add(tree.prove(node));
      }
    }
    SectorPostProof proof =
        new SectorPostProof(
            sector.number(),
            sector.commR(),
            List.copyOf(paths),
            aux.commC().bytes(),
            aux.commRLast().bytes());
    Optional<String> wrong = PostVerifier.check(size, sector, nodes, proof);
    if (wrong.isPresent()) {
      throw new DamagedFileException(sealed, "what it holds does not prove " + wrong.get());
    }
    return proof;
  }
}
