package io.selkie.proofs.seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A vector sealed up to phase 2 in a directory of its own. */
public record SealedSector(
    SectorVector vector,
    Path dir,
    PreCommit1Output phase1,
    PreCommit2Output phase2,
    SealContext context) {

  public static SealedSector seal(SectorVector vector, Path dir, SealContext context)
      throws IOException {
    Files.createDirectories(dir);
    Path staged = vector.stage(dir);
    PreCommit1Output phase1 =
        SealPreCommit1.run(
            vector.sector(),
            vector.pieces(),
            staged,
            dir.resolve("sealed"),
            dir.resolve("cache"),
            context);
    PreCommit2Output phase2 =
        SealPreCommit2.run(phase1, dir.resolve("sealed"), dir.resolve("cache"), context);
    return new SealedSector(vector, dir, phase1, phase2, context);
  }

  public static SealContext context(Path dir, int threads) {
    return new SealContext(threads, dir.resolve("parents"), SealProgress.NONE);
  }

  public Path staged() {
    return dir.resolve("staged");
  }

  public Path sealed() {
    return dir.resolve("sealed");
  }

  public Path cache() {
    return dir.resolve("cache");
  }

  public Commit1Output commit1() throws IOException {
    return SealCommit1.run(
        vector.sector(), vector.seed(), phase2, vector.pieces(), sealed(), cache(), context);
  }

  public Verdict verify(byte[] proof) {
    return VanillaVerifier.verify(
        vector.sector().proof(),
        vector.sector().sector(),
        phase2.commR(),
        phase2.commD(),
        vector.sector().ticket(),
        vector.seed(),
        proof);
  }

  /** What is wrong with the replica when all of it is hashed. */
  public Optional<String> flaw() throws IOException {
    return ReplicaCheck.wholeReplica(
        vector.sector().proof(), phase2.commR(), sealed(), cache(), context);
  }
}
