package io.selkie.storage;

import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.RemovalPermit;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer;
import io.selkie.proofs.fr32.Fr32;
import io.selkie.proofs.seal.SealContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The {@link Sealer} that works on this machine's storage paths with the proofs library.
 *
 * <p>Every step takes the locks that the reference's takes (lotus storage/sealer/manager.go),
 * leaves the disk such that it can run again after a crash at any point, and declares a file only
 * once it is durable. Thread-safe; steps of different sectors run beside each other.
 */
public final class LocalSealer implements Sealer {

  private static final Set<SectorFileType> NONE = Set.of();
  private static final Set<SectorFileType> UNSEALED = EnumSet.of(SectorFileType.UNSEALED);
  private static final Set<SectorFileType> SEALED = EnumSet.of(SectorFileType.SEALED);
  private static final Set<SectorFileType> CACHE = EnumSet.of(SectorFileType.CACHE);
  private static final Set<SectorFileType> REPLICA =
      EnumSet.of(SectorFileType.SEALED, SectorFileType.CACHE);
  private static final Set<SectorFileType> SECTOR =
      EnumSet.of(SectorFileType.UNSEALED, SectorFileType.SEALED, SectorFileType.CACHE);
  private static final Set<SectorFileType> PROVING =
      EnumSet.of(
          SectorFileType.SEALED,
          SectorFileType.CACHE,
          SectorFileType.UPDATE,
          SectorFileType.UPDATE_CACHE);
  private static final Set<SectorFileType> ALL =
      EnumSet.complementOf(EnumSet.of(SectorFileType.PIECE));

  /** Work on a sector's files while its locks are held. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException;
  }

  private final SectorLocks locks;
  private final SectorFiles files;
  private final UnsealedFiles unsealed;
  private final ReplicaFiles replicas;
  private final int threads;
  private final Path parentsCacheDir;

  /**
   * @param locks shared by all who touch sector files
   * @param threads threads that one step may hash with
   * @param parentsCacheDir where the graphs' parents files are kept
   */
  public LocalSealer(
      LocalPaths paths, SectorIndex index, SectorLocks locks, int threads, Path parentsCacheDir) {
    this(paths, index, locks, threads, parentsCacheDir, PathType.STORAGE);
  }

  /**
   * As the other one, with recovered data put elsewhere.
   *
   * @param unsealTo where it is put: on a worker, where sectors are sealed
   */
  public LocalSealer(
      LocalPaths paths,
      SectorIndex index,
      SectorLocks locks,
      int threads,
      Path parentsCacheDir,
      PathType unsealTo) {
    this(
        paths,
        new SectorFiles(paths, index, SectorFiles.SameStore.ofSystem(), CrashPoint.NONE),
        locks,
        threads,
        parentsCacheDir,
        CrashPoint.NONE,
        unsealTo);
  }

  LocalSealer(
      LocalPaths paths,
      SectorFiles files,
      SectorLocks locks,
      int threads,
      Path parentsCacheDir,
      CrashPoint crash) {
    this(paths, files, locks, threads, parentsCacheDir, crash, PathType.STORAGE);
  }

  private LocalSealer(
      LocalPaths paths,
      SectorFiles files,
      SectorLocks locks,
      int threads,
      Path parentsCacheDir,
      CrashPoint crash,
      PathType unsealTo) {
    this.locks = locks;
    this.files = files;
    this.unsealed = new UnsealedFiles(paths, files, crash, unsealTo);
    this.replicas = new ReplicaFiles(paths, files, crash);
    this.threads = threads;
    this.parentsCacheDir = parentsCacheDir;
  }

  @Override
  public PieceInfo addPiece(
      SectorRef sector,
      long offsetPaddedBytes,
      UnpaddedPieceSize size,
      PieceSource data,
      Progress progress)
      throws SealFault {
    String doing = "adding a piece of " + size + " bytes to sector " + sector.id();
    requirePlace(doing, sector, offsetPaddedBytes, size);
    return locked(
        doing,
        sector.id(),
        NONE,
        UNSEALED,
        () -> {
          try (InputStream source = new PieceSourceStream(data.open(), size.bytes(), progress)) {
            return unsealed.addPiece(sector.id(), sizeOf(sector), offsetPaddedBytes, size, source);
          }
        });
  }

  @Override
  public PieceInfo addZeros(
      SectorRef sector, long offsetPaddedBytes, UnpaddedPieceSize size, Progress progress)
      throws SealFault {
    String doing = "adding " + size + " zero bytes to sector " + sector.id();
    requirePlace(doing, sector, offsetPaddedBytes, size);
    return locked(
        doing,
        sector.id(),
        NONE,
        UNSEALED,
        () -> unsealed.addZeros(sector.id(), sizeOf(sector), offsetPaddedBytes, size, progress));
  }

  @Override
  public byte[] sealPreCommit1(
      SectorRef sector, Randomness ticket, List<PieceInfo> pieces, Progress progress)
      throws SealFault {
    return locked(
        "pre-commit 1 of sector " + sector.id(),
        sector.id(),
        UNSEALED,
        REPLICA,
        () -> replicas.preCommit1(sector, ticket, pieces, context(progress)));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The sealed file is locked for writing, not reading as in the reference's table: this is the
   * step that encodes it.
   */
  @Override
  public SealedCommitments sealPreCommit2(SectorRef sector, byte[] preCommit1Out, Progress progress)
      throws SealFault {
    return locked(
        "pre-commit 2 of sector " + sector.id(),
        sector.id(),
        NONE,
        REPLICA,
        () -> replicas.preCommit2(sector, preCommit1Out, context(progress)));
  }

  @Override
  public byte[] sealCommit1(
      SectorRef sector,
      Randomness ticket,
      Randomness seed,
      List<PieceInfo> pieces,
      SealedCommitments commitments,
      Progress progress)
      throws SealFault {
    return locked(
        "commit 1 of sector " + sector.id(),
        sector.id(),
        SEALED,
        CACHE,
        () -> replicas.commit1(sector, ticket, seed, pieces, commitments, context(progress)));
  }

  @Override
  public byte[] sealCommit2(SectorRef sector, byte[] commit1Out, Progress progress)
      throws SealFault {
    String doing = "commit 2 of sector " + sector.id();
    return faulting(doing, () -> ReplicaFiles.commit2(sector, commit1Out));
  }

  @Override
  public void finalizeSector(SectorRef sector, List<UnpaddedRange> keepUnsealed) throws SealFault {
    String doing = "finalising sector " + sector.id();
    requireRanges(doing, sector, keepUnsealed);
    locked(
        doing,
        sector.id(),
        NONE,
        SECTOR,
        () -> {
          files.require(sector.id(), SectorFileType.SEALED, sizeOf(sector));
          files.require(sector.id(), SectorFileType.CACHE, sizeOf(sector));
          // The cache first: it gives back most of the room that the rest may need.
          replicas.clearCache(sector.id());
          unsealed.keep(sector.id(), sizeOf(sector), keepUnsealed);
          files.moveToStorage(sector.id(), SECTOR, sizeOf(sector));
          return true;
        });
  }

  private static void requireRanges(String doing, SectorRef sector, List<UnpaddedRange> ranges)
      throws SealFault {
    for (UnpaddedRange range : ranges) {
      requireRange(doing, sector, range);
    }
  }

  /** Deletes what a proving sector does not need of its cache, where that is: on a worker. */
  public void trimCache(SectorRef sector) throws SealFault {
    locked(
        "trimming the cache of sector " + sector.id(),
        sector.id(),
        NONE,
        EnumSet.of(SectorFileType.CACHE),
        () -> {
          files.require(sector.id(), SectorFileType.CACHE, sizeOf(sector));
          replicas.clearCache(sector.id());
          return true;
        });
  }

  /** Deletes unsealed data but for these ranges, where it is: on a worker. */
  public void releaseUnsealed(SectorRef sector, List<UnpaddedRange> keep) throws SealFault {
    String doing = "releasing unsealed data of sector " + sector.id();
    requireRanges(doing, sector, keep);
    locked(
        doing,
        sector.id(),
        NONE,
        EnumSet.of(SectorFileType.UNSEALED),
        () -> {
          unsealed.keep(sector.id(), sizeOf(sector), keep);
          return true;
        });
  }

  @Override
  public void remove(SectorId sector, RemovalPermit permit) throws SealFault {
    if (!permit.sector().equals(sector)) {
      throw SealFaults.badRequest("removing sector " + sector + ": " + permit + " is for another");
    }
    locked(
        "removing sector " + sector,
        sector,
        NONE,
        ALL,
        () -> {
          files.remove(permit);
          return true;
        });
  }

  @Override
  public void dropUpgrade(SectorId sector) throws SealFault {
    locked(
        "putting the upgrade of sector " + sector + " aside",
        sector,
        NONE,
        ALL,
        () -> {
          files.dropUpgrade(sector);
          return true;
        });
  }

  /**
   * {@inheritDoc}
   *
   * <p>Calls for one sector run one after the other; those that waited find everything present and
   * return.
   */
  @Override
  public void unseal(SectorRef sector, OpaqueBytes ticket, Commitment commD, Progress progress)
      throws SealFault {
    locked(
        "unsealing sector " + sector.id(),
        sector.id(),
        PROVING,
        UNSEALED,
        () -> {
          unsealed.unseal(sector, ticket, commD, context(progress));
          return true;
        });
  }

  @Override
  public boolean isUnsealed(SectorRef sector, UnpaddedRange range) throws SealFault {
    String doing = "looking for unsealed data of sector " + sector.id();
    requireRange(doing, sector, range);
    return locked(
        doing,
        sector.id(),
        UNSEALED,
        NONE,
        () -> unsealed.holds(sector.id(), sizeOf(sector), range));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The sector's unsealed file stays locked for reading until the stream is closed.
   */
  @Override
  public InputStream readPiece(SectorRef sector, UnpaddedRange range) throws SealFault {
    String doing = "reading sector " + sector.id();
    requireRange(doing, sector, range);
    return faulting(
        doing,
        () -> {
          SectorLocks.Held lock = locks.lock(sector.id(), UNSEALED, NONE);
          try {
            return unsealed.read(sector.id(), sizeOf(sector), range, lock);
          } catch (IOException | RuntimeException | Error e) {
            lock.close();
            throw e;
          }
        });
  }

  private <T> T locked(
      String doing,
      SectorId sector,
      Set<SectorFileType> read,
      Set<SectorFileType> write,
      Work<T> work)
      throws SealFault {
    return faulting(
        doing,
        () -> {
          try (var _ = locks.lock(sector, read, write)) {
            return work.run();
          }
        });
  }

  /** Work that may wait for locks. */
  @FunctionalInterface
  private interface Waiting<T> {
    T run() throws IOException, InterruptedException;
  }

  private static <T> T faulting(String doing, Waiting<T> work) throws SealFault {
    try {
      return work.run();
    } catch (UncheckedIOException e) {
      throw SealFaults.of(doing, e.getCause() == null ? new IOException(e) : e.getCause());
    } catch (IOException | InterruptedException | IllegalArgumentException e) {
      throw SealFaults.of(doing, e);
    }
  }

  private SealContext context(Progress progress) {
    return new SealContext(threads, parentsCacheDir, progress::update);
  }

  private static SectorSize sizeOf(SectorRef sector) {
    return sector.proof().sectorSize();
  }

  private static void requirePlace(
      String doing, SectorRef sector, long offsetPaddedBytes, UnpaddedPieceSize size)
      throws SealFault {
    long padded = size.padded().bytes();
    if (offsetPaddedBytes < 0
        || offsetPaddedBytes % padded != 0
        || offsetPaddedBytes > sizeOf(sector).bytes() - padded) {
      throw SealFaults.badRequest(
          doing
              + ": padded offset "
              + offsetPaddedBytes
              + " is no multiple of "
              + padded
              + " within the sector's "
              + sizeOf(sector).bytes());
    }
  }

  private static void requireRange(String doing, SectorRef sector, UnpaddedRange range)
      throws SealFault {
    long end = sizeOf(sector).unpadded().bytes();
    if (range.offsetBytes() < 0
        || range.sizeBytes() < 0
        || range.offsetBytes() % Fr32.UNPADDED_GROUP_BYTES != 0
        || range.sizeBytes() % Fr32.UNPADDED_GROUP_BYTES != 0
        || range.offsetBytes() > end - range.sizeBytes()) {
      throw SealFaults.badRequest(
          doing
              + ": range of "
              + range.sizeBytes()
              + " bytes at "
              + range.offsetBytes()
              + " is not made of multiples of 127 within the sector's "
              + end);
    }
  }
}
