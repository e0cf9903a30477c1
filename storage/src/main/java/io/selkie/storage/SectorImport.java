package io.selkie.storage;

import io.selkie.abi.BitField;
import io.selkie.abi.Commitment;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.proofs.seal.CacheFiles;
import io.selkie.proofs.seal.DamagedFileException;
import io.selkie.proofs.seal.ReplicaCheck;
import io.selkie.proofs.seal.SealContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Takes in the files of sectors that were sealed elsewhere. A file is written beside its place,
 * checked, forced, renamed and only then declared; a run that broke off may be repeated, and goes
 * on with the part of a single file that is there. Thread-safe.
 */
public final class SectorImport {

  private static final int BUFFER_BYTES = 1 << 20;
  private static final int TRAILER_LENGTH_BYTES = 4;

  /**
   * What a source gives.
   *
   * @param from the offset of the first byte
   * @param bytes how many there are, if that is said
   * @param body closed by who reads it
   */
  public record Download(long from, OptionalLong bytes, InputStream body) {}

  /** Where a file, or an archive of a directory, comes from. */
  @FunctionalInterface
  public interface Source {
    /**
     * Asks for it.
     *
     * @param from bytes that are here already; the source may begin at 0 all the same
     */
    Download open(long from) throws IOException;
  }

  /**
   * What the files must be.
   *
   * @param commD of the data, if it is known and the data is complete
   * @param commR of the replica, if it is known
   */
  public record Expected(Optional<Commitment> commD, Optional<Commitment> commR) {}

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  private final LocalPaths paths;
  private final SectorFiles files;
  private final SectorLocks locks;
  private final int threads;
  private final Path parentsCacheDir;

  /**
   * @param locks shared by all who touch sector files
   * @param threads threads that one check may hash with
   * @param parentsCacheDir as the sealer's
   */
  public SectorImport(
      LocalPaths paths, SectorIndex index, SectorLocks locks, int threads, Path parentsCacheDir) {
    this.paths = paths;
    this.files = new SectorFiles(paths, index, SectorFiles.SameStore.ofSystem(), CrashPoint.NONE);
    this.locks = locks;
    this.threads = threads;
    this.parentsCacheDir = parentsCacheDir;
  }

  /**
   * Whether a file of this kind is in the index and on disk.
   *
   * @throws SealFault UNREACHABLE if it should be on a path that is away
   */
  public boolean isHere(SectorId sector, SectorFileType type) throws SealFault {
    try {
      return files.find(sector, type).isPresent();
    } catch (IOException e) {
      throw SealFaults.of("looking for the " + type.directoryName() + " file of " + sector, e);
    }
  }

  /** Looks whether a file that is here is what it must be. */
  public void check(SectorRef sector, SectorFileType type, Expected expected, Progress progress)
      throws SealFault {
    locked(
        "checking the " + type.directoryName() + " file of sector " + sector.id(),
        sector.id(),
        type,
        () -> {
          Path file = files.require(sector.id(), type, sector.proof().sectorSize());
          check(file, sector, type, expected, progress);
        });
  }

  /**
   * Brings one kind of file, unless it is here.
   *
   * @param use for which kind of path
   */
  public void bring(
      SectorRef sector,
      SectorFileType type,
      PathType use,
      Source source,
      Expected expected,
      Progress progress)
      throws SealFault {
    locked(
        "bringing the " + type.directoryName() + " file of sector " + sector.id(),
        sector.id(),
        type,
        () -> {
          if (files.find(sector.id(), type).isEmpty()) {
            bringAbsent(sector, type, use, source, expected, progress);
          }
        });
  }

  private void bringAbsent(
      SectorRef sector,
      SectorFileType type,
      PathType use,
      Source source,
      Expected expected,
      Progress progress)
      throws IOException {
    SectorSize size = sector.proof().sectorSize();
    try (Allocation room = room(sector, type, use)) {
      LocalPath path = room.path(type);
      Path unfinished = path.unfinished(type, sector.id());
      Files.createDirectories(DurableFiles.parent(unfinished));
      try {
        if (type.isDirectory()) {
          DurableFiles.deleteTree(unfinished);
          unpack(source, unfinished, size, progress);
        } else {
          append(source, unfinished, type, size, progress);
        }
        check(unfinished, sector, type, expected, progress);
      } catch (RejectedSourceException | DamagedFileException e) {
        // What came is of no use, and must not be gone on with.
        DurableFiles.deleteTree(unfinished);
        throw e;
      }
      Path place = path.file(type, sector.id());
      if (type == SectorFileType.UNSEALED) {
        PartialFile.forgetAll(place);
      }
      DurableFiles.rename(unfinished, place);
      files.declare(path, sector.id(), type, path.meta().canStore());
    }
  }

  /** Where an earlier run began, so that the next goes on there; otherwise anywhere. */
  private Allocation room(SectorRef sector, SectorFileType type, PathType use) throws IOException {
    SectorSize size = sector.proof().sectorSize();
    for (LocalPath path : paths.paths()) {
      Path begun = path.unfinished(type, sector.id());
      if (Files.isRegularFile(begun, LinkOption.NOFOLLOW_LINKS) && path.meta().serves(use)) {
        Allocation room = new Allocation();
        room.add(
            type,
            path,
            paths.allocator().reserveOn(path, sector.id(), type, type.spaceBytes(size, use)));
        return room;
      }
    }
    return paths
        .allocator()
        .allocate(Allocator.Request.of(sector.id(), EnumSet.of(type), size, use));
  }

  private static void append(
      Source source, Path unfinished, SectorFileType type, SectorSize size, Progress progress)
      throws IOException {
    long limit =
        type == SectorFileType.UNSEALED
            ? size.bytes() + BitField.MAX_ENCODED_BYTES + TRAILER_LENGTH_BYTES
            : size.bytes();
    try (FileChannel out =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS)) {
      Download download = source.open(Math.min(out.size(), limit));
      try (InputStream body = download.body()) {
        if (download.from() > out.size()) {
          throw new RejectedSourceException(
              "it begins at " + download.from() + ", only " + out.size() + " bytes are here");
        }
        long whole = download.from() + download.bytes().orElse(0);
        if (whole > limit) {
          throw tooLong(whole, limit);
        }
        out.truncate(download.from());
        long end = copy(body, out, limit, progress);
        if (download.bytes().isPresent() && end < whole) {
          throw new IOException("it broke off after " + end + " of " + whole + " bytes");
        }
      }
      out.force(true);
    }
  }

  private static RejectedSourceException tooLong(long bytes, long limit) {
    return new RejectedSourceException("it has " + bytes + " bytes or more, the limit is " + limit);
  }

  private static long copy(InputStream body, FileChannel out, long limit, Progress progress)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long at = out.size();
    while (true) {
      int count = body.read(buffer);
      if (count < 0) {
        return at;
      }
      if (at + count > limit) {
        throw tooLong(at + count, limit);
      }
      DurableFiles.writeFully(out, ByteBuffer.wrap(buffer, 0, count), at);
      at += count;
      progress.update("download", at, limit);
    }
  }

  private static void unpack(Source source, Path directory, SectorSize size, Progress progress)
      throws IOException {
    Download download = source.open(0);
    try (InputStream body = download.body()) {
      Files.createDirectory(directory);
      CacheArchive.unpack(
          body,
          directory,
          SectorFileType.CACHE,
          size,
          done ->
              progress.update(
                  "download", done, Math.max(1, Math.max(done, download.bytes().orElse(done)))));
    }
  }

  private void check(
      Path file, SectorRef sector, SectorFileType type, Expected expected, Progress progress)
      throws IOException {
    SectorSize size = sector.proof().sectorSize();
    switch (type) {
      case UNSEALED -> checkData(file, size, expected, progress);
      case SEALED -> {
        if (Files.size(file) != size.bytes()) {
          throw DamagedFileException.ofSize(file, Files.size(file), size.bytes());
        }
      }
      case CACHE -> checkRoots(file, expected);
      case UPDATE, UPDATE_CACHE, PIECE ->
          throw new IllegalArgumentException("no " + type.directoryName() + " file is imported");
    }
  }

  /** Data with gaps says nothing of the whole; its pieces are checked when they are read. */
  private void checkData(Path file, SectorSize size, Expected expected, Progress progress)
      throws IOException {
    try (PartialFile data = PartialFile.openRead(file, size)) {
      if (expected.commD().isEmpty() || !data.isComplete()) {
        return;
      }
    }
    SealContext context = new SealContext(threads, parentsCacheDir, progress::update);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Commitment found = DataRoot.of(file, channel, size, context);
      if (!found.equals(expected.commD().get())) {
        throw new DamagedFileException(
            file, "has the commitment " + found + ", CommD is " + expected.commD().get());
      }
    }
  }

  /** CommR is the hash of the two roots in p_aux. */
  private static void checkRoots(Path cache, Expected expected) throws IOException {
    Path aux = cache.resolve(CacheFiles.P_AUX);
    Commitment found =
        ReplicaCheck.commR(cache)
            .orElseThrow(() -> new DamagedFileException(aux, "holds no two roots"));
    if (!expected.commR().orElse(found).equals(found)) {
      throw new DamagedFileException(
          aux, "holds roots whose hash is not CommR " + expected.commR().get());
    }
  }

  private void locked(String doing, SectorId sector, SectorFileType type, Work work)
      throws SealFault {
    try (var _ = locks.lock(sector, Set.of(), EnumSet.of(type))) {
      work.run();
    } catch (IOException | InterruptedException | IllegalArgumentException e) {
      throw SealFaults.of(doing, e);
    }
  }
}
