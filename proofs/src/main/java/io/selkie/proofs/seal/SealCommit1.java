package io.selkie.proofs.seal;

import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof.Kind;
import io.selkie.proofs.pieces.DataCommitment;
import io.selkie.proofs.porep.Challenges;
import io.selkie.proofs.porep.ProofShape;
import io.selkie.proofs.porep.ReplicaId;
import io.selkie.proofs.porep.SyntheticProofFile;
import io.selkie.proofs.porep.VanillaProof;
import io.selkie.proofs.porep.VanillaProofCheck;
import io.selkie.proofs.porep.VanillaProver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Commit phase 1: the vanilla proofs of every partition. */
public final class SealCommit1 {
  private SealCommit1() {}

  /**
   * Reads the challenged nodes from the sector's files, proves them and verifies the proofs.
   * Nothing is written. A synthetic sector's proofs come from its file of proofs if that is there,
   * else from the layers.
   *
   * @param seed the interactive randomness; of no effect on a non-interactive proof's challenges
   * @param pieces all pieces in order, the zero pieces included
   * @throws IllegalArgumentException if the pieces do not have the commitment of phase 2
   * @throws DamagedFileException if a file is wrong: its size, or what it proves
   * @throws IOException if a file cannot be read
   */
  public static Commit1Output run(
      SealSector sector,
      Randomness seed,
      PreCommit2Output phase2,
      List<PieceInfo> pieces,
      Path sealed,
      Path cacheDir,
      SealContext context)
      throws IOException {
    return run(sector, seed, phase2.commR(), phase2.commD(), pieces, sealed, cacheDir, context);
  }

  /** As above for a caller that kept only the two commitments that go on chain. */
  public static Commit1Output run(
      SealSector sector,
      Randomness seed,
      Commitment commR,
      Commitment commD,
      List<PieceInfo> pieces,
      Path sealed,
      Path cacheDir,
      SealContext context)
      throws IOException {
    return Interruptible.run(
        "commit phase 1",
        () -> phase(sector, seed, commR, commD, pieces, sealed, cacheDir, context));
  }

  private static Commit1Output phase(
      SealSector sector,
      Randomness seed,
      Commitment commR,
      Commitment commD,
      List<PieceInfo> pieces,
      Path sealed,
      Path cacheDir,
      SealContext context)
      throws IOException {
    Commitment ofPieces = DataCommitment.ofPieces(sector.proof().sectorSize(), pieces);
    Optional<String> wrong = VanillaVerifier.checkCommitments(commR, commD);
    if (wrong.isPresent()) {
      throw new IllegalArgumentException(wrong.get());
    }
    if (!ofPieces.equals(commD)) {
      throw new IllegalArgumentException("the pieces have CommD " + ofPieces + ", not " + commD);
    }
    PersistentAux aux = PersistentAux.read(cacheDir, commR);
    byte[] replicaId = ReplicaId.compute(sector.proof(), sector.sector(), sector.ticket(), commD);
    long[][] challenges = Challenges.of(sector.proof(), replicaId, commR, seed);
    VanillaProofCheck check =
        VanillaVerifier.proofCheck(
            sector, replicaId, commD, aux.commC().bytes(), aux.commRLast().bytes());
    long[] sequence = Arrays.stream(challenges).flatMapToLong(Arrays::stream).toArray();
    Path synthetic = cacheDir.resolve(CacheFiles.SYNTHETIC_PROOFS);
    VanillaProof[] proofs =
        sector.proof().kind() == Kind.SYNTHETIC && Files.exists(synthetic)
            ? readSynthetic(sector, seed, replicaId, sequence, synthetic, check, context)
            : proveAll(sector, sequence, sealed, cacheDir, check, context);
    return new Commit1Output(
        sector.proof(),
        partitions(proofs, ProofShape.of(sector.proof()).challengesPerPartition()),
        commR,
        commD,
        replicaId,
        seed,
        sector.ticket());
  }

  private static VanillaProof[] proveAll(
      SealSector sector,
      long[] challenges,
      Path sealed,
      Path cacheDir,
      VanillaProofCheck check,
      SealContext context)
      throws IOException {
    VanillaProof[] proofs = new VanillaProof[challenges.length];
    try (VanillaProver prover = VanillaProver.open(sector.proof(), sealed, cacheDir)) {
      context.forEachChunk(
          "vanilla proofs",
          challenges.length,
          1,
          (from, to) -> {
            int i = (int) from;
            proofs[i] = proven(prover, challenges[i], check, cacheDir);
          });
    }
    return proofs;
  }

  /** A proof that was verified. */
  static VanillaProof proven(
      VanillaProver prover, long challenge, VanillaProofCheck check, Path cacheDir)
      throws IOException {
    VanillaProof proof = prover.prove(challenge);
    require(check.check(proof, challenge), challenge, cacheDir);
    return proof;
  }

  private static void require(Optional<String> wrong, long challenge, Path file)
      throws DamagedFileException {
    if (wrong.isPresent()) {
      throw new DamagedFileException(
          file, "what it holds does not prove node " + challenge + ": " + wrong.get());
    }
  }

  private static VanillaProof[] readSynthetic(
      SealSector sector,
      Randomness seed,
      byte[] replicaId,
      long[] challenges,
      Path file,
      VanillaProofCheck check,
      SealContext context)
      throws IOException {
    int[] indexes = SyntheticProofFile.selected(sector.proof(), replicaId, seed);
    VanillaProof[] proofs = new VanillaProof[challenges.length];
    try (SyntheticProofFile pool = SyntheticProofFile.open(sector.proof(), file)) {
      context.forEachChunk(
          "vanilla proofs",
          challenges.length,
          1,
          (from, to) -> {
            int i = (int) from;
            proofs[i] = pool.read(indexes[i], challenges[i]);
            require(check.check(proofs[i], challenges[i]), challenges[i], file);
          });
    }
    return proofs;
  }

  private static List<List<VanillaProof>> partitions(VanillaProof[] proofs, int perPartition) {
    List<List<VanillaProof>> partitions = new ArrayList<>();
    for (int i = 0; i < proofs.length; i += perPartition) {
      partitions.add(List.of(Arrays.copyOfRange(proofs, i, i + perPartition)));
    }
    return List.copyOf(partitions);
  }
}
