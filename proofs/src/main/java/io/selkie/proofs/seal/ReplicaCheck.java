package io.selkie.proofs.seal;

import io.selkie.abi.Bytes32;
import io.selkie.abi.Commitment;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.hashers.Poseidon;
import io.selkie.proofs.merkle.PathCheck;
import io.selkie.proofs.merkle.TreeRLast;
import io.selkie.proofs.merkle.TreeShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Whether a replica and what is kept of its trees are still what was sealed, told without the data:
 * the two roots must hash to CommR, the kept tree must have the second of them, and the nodes of
 * the replica, sampled or all, must lead to it.
 */
public final class ReplicaCheck {

  private ReplicaCheck() {}

  /**
   * CommR of the roots that a cache directory holds; empty if it holds none that are roots.
   *
   * @throws IOException if the file is there and cannot be read
   */
  public static Optional<Commitment> commR(Path cacheDir) throws IOException {
    Path file = cacheDir.resolve(CacheFiles.P_AUX);
    if (!Files.isRegularFile(file) || Files.size(file) != 2 * Bytes32.LENGTH) {
      return Optional.empty();
    }
    byte[] bytes = Files.readAllBytes(file);
    byte[] commC = Arrays.copyOf(bytes, Bytes32.LENGTH);
    byte[] commRLast = Arrays.copyOfRange(bytes, Bytes32.LENGTH, bytes.length);
    return PathCheck.isCanonical(commC) && PathCheck.isCanonical(commRLast)
        ? Optional.of(new Commitment(Poseidon.ofArity(2).hash(commC, commRLast)))
        : Optional.empty();
  }

  /**
   * What is wrong with the cache directory.
   *
   * @param commR what the chain holds the miner to
   * @return what, or nothing
   * @throws IOException if a file cannot be read
   */
  public static Optional<String> cache(Commitment commR, Path cacheDir) throws IOException {
    try {
      PersistentAux.read(cacheDir, commR);
      return Optional.empty();
    } catch (DamagedFileException wrong) {
      return Optional.of(String.valueOf(wrong.getMessage()));
    } catch (NoSuchFileException absent) {
      return Optional.of(absent.getFile() + " is missing");
    }
  }

  /**
   * What is wrong with the replica, whose cache directory is good.
   *
   * @param samples nodes to look at
   * @param random chooses them; whoever foresees it can foresee them
   * @return what, or nothing
   * @throws IOException if a file cannot be read
   */
  public static Optional<String> replica(
      RegisteredSealProof proof,
      Commitment commR,
      Path sealed,
      Path cacheDir,
      int samples,
      RandomGenerator random)
      throws IOException {
    return check(
        proof,
        commR,
        sealed,
        cacheDir,
        (tree, shape) -> {
          for (int i = 0; i < samples; i++) {
            long leaf = random.nextLong(shape.leafCount());
            Optional<String> wrong = PathCheck.poseidon(tree.prove(leaf), shape, leaf, tree.root());
            if (wrong.isPresent()) {
              return Optional.of("node " + leaf + " " + wrong.get());
            }
          }
          return Optional.empty();
        });
  }

  /**
   * What is wrong with the replica, whose cache directory is good; every byte of it is hashed, as
   * when the sector was sealed.
   *
   * @return what, or nothing
   * @throws IOException if a file cannot be read
   */
  public static Optional<String> wholeReplica(
      RegisteredSealProof proof, Commitment commR, Path sealed, Path cacheDir, SealContext context)
      throws IOException {
    return check(
        proof,
        commR,
        sealed,
        cacheDir,
        (tree, shape) -> {
          OptionalLong leaf = tree.firstDeviation(context, "replica");
          return leaf.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  "the stretch from byte "
                      + leaf.getAsLong() * Bytes32.LENGTH
                      + " is not what was sealed");
        });
  }

  /** Looks at a replica through its tree. */
  @FunctionalInterface
  private interface Look {
    Optional<String> flaw(TreeRLast tree, TreeShape shape) throws IOException;
  }

  private static Optional<String> check(
      RegisteredSealProof proof, Commitment commR, Path sealed, Path cacheDir, Look look)
      throws IOException {
    TreeShape shape = TreeShape.of(proof.sectorSize());
    try {
      byte[] root = PersistentAux.read(cacheDir, commR).commRLast().bytes();
      try (TreeRLast tree = TreeRLast.open(shape, sealed, cacheDir)) {
        return Arrays.equals(tree.root(), root)
            ? look.flaw(tree, shape)
            : Optional.of("the root of its kept tree is not the recorded one");
      }
    } catch (DamagedFileException wrong) {
      return Optional.of(String.valueOf(wrong.getMessage()));
    } catch (NoSuchFileException absent) {
      return Optional.of(absent.getFile() + " is missing");
    }
  }
}
