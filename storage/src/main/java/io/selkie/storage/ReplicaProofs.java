package io.selkie.storage;

import io.selkie.abi.Commitment;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.proofs.post.PostProver;
import io.selkie.proofs.post.PostSector;
import io.selkie.proofs.post.SectorPostProof;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Proves over time the sectors whose replicas lie on this machine's paths. Thread-safe. */
public final class ReplicaProofs {

  /** Which of a sector's replicas. */
  public enum Replica {
    /** The one that was sealed. */
    SEALED(SectorFileType.SEALED, SectorFileType.CACHE),
    /** The one that an upgrade made of it. */
    UPDATED(SectorFileType.UPDATE, SectorFileType.UPDATE_CACHE);

    private final SectorFileType file;
    private final SectorFileType cache;

    Replica(SectorFileType file, SectorFileType cache) {
      this.file = file;
      this.cache = cache;
    }
  }

  private final SectorFiles files;
  private final SectorLocks locks;

  /**
   * @param paths where files are looked for
   * @param index says what lies where
   * @param locks held while a sector is read
   */
  public ReplicaProofs(LocalPaths paths, SectorIndex index, SectorLocks locks) {
    this.files = new SectorFiles(paths, index, SectorFiles.SameStore.ofSystem(), CrashPoint.NONE);
    this.locks = locks;
  }

  /** Keeps others from writing the replica; empty if somebody writes it, or waits to. */
  public Optional<SectorLocks.Held> tryLock(SectorId sector, Replica replica) {
    return locks.tryLock(sector, EnumSet.of(replica.file, replica.cache), Set.of());
  }

  /**
   * The vanilla proof, verified. The caller holds the lock.
   *
   * @param commR what the replica is held to
   * @param nodes the challenged nodes, below the size's count of them
   * @throws IOException what is wrong with the files, or that one is nowhere
   */
  public SectorPostProof prove(
      SectorId sector, Replica replica, SectorSize size, Commitment commR, long[] nodes)
      throws IOException {
    Path file = files.require(sector, replica.file, size);
    Path cache = files.require(sector, replica.cache, size);
    return PostProver.prove(size, new PostSector(sector.number(), commR), nodes, file, cache);
  }
}
