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
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the files of sectors that were sealed elsewhere. A file is written beside its place,
 * checked, forced, renamed and only then declared; a replica only when its cache is there and
 * sampled nodes of it lead to CommR. A run that broke off may be repeated, and goes on with the
 * part of a single file that is there. Thread-safe.
 */
public final class SectorImport {

  private static final Logger LOG = LoggerFactory.getLogger(SectorImport.class);

  private static final int BUFFER_BYTES = 1 << 20;
  private static final int TRAILER_LENGTH_BYTES = 4;

  /**
   * Nodes of a replica that are looked at: some seconds of reading after hours of fetching. Of
   * replicas with a hundredth of their nodes damaged it misses one in 170.
   */
  private static final int SAMPLES = 512;

  /** A replica that is damaged where it comes from is not asked for all day. */
  static final int REPLICA_FETCHES = 2;

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

  /** How one kind of file gets here. */
  public sealed interface Origin {

    /** It is here. */
    record Local() implements Origin {}

    /** It is fetched, unless it is here. */
    record Remote(Source source) implements Origin {}
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
  private final RandomGenerator random;

  /**
   * @param locks shared by all who touch sector files
   * @param threads threads that one check may hash with
   * @param parentsCacheDir as the sealer's
   * @param random chooses the nodes of a replica that are looked at
   */
  public SectorImport(
      LocalPaths paths,
      SectorIndex index,
      SectorLocks locks,
      int threads,
      Path parentsCacheDir,
      RandomGenerator random) {
    this.paths = paths;
    this.files = new SectorFiles(paths, index, SectorFiles.SameStore.ofSystem(), CrashPoint.NONE);
    this.locks = locks;
    this.threads = threads;
    this.parentsCacheDir = parentsCacheDir;
    this.random = random;
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

  /** Looks whether the file that is here is what it must be. */
  public void check(SectorRef sector, SectorFileType type, Expected expected, Progress progress)
      throws SealFault {
    locked(
        "checking the " + type.directoryName() + " file of sector " + sector.id(),
        sector.id(),
        EnumSet.of(type),
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
        EnumSet.of(type),
        () -> {
          if (files.find(sector.id(), type).isEmpty()) {
            settle(fetch(sector, type, use, source, expected, progress), sector.id());
          }
        });
  }

  /**
   * Brings a replica and its cache, unless they are here, and looks whether they belong together.
   * What was fetched and does not is fetched anew, {@value #REPLICA_FETCHES} times in all.
   *
   * @param use for which kind of path
   * @throws SealFault DAMAGED_FILE if they do not belong together; what was fetched is gone then
   */
  public void bringReplica(
      SectorRef sector,
      Origin sealed,
      Origin cache,
      PathType use,
      Expected expected,
      Progress progress)
      throws SealFault {
    locked(
        "bringing the replica of sector " + sector.id(),
        sector.id(),
        EnumSet.of(SectorFileType.SEALED, SectorFileType.CACHE),
        () -> {
          for (int fetches = 1; ; fetches++) {
            Arrived replica = take(sector, SectorFileType.SEALED, sealed, use, expected, progress);
            Arrived beside = take(sector, SectorFileType.CACHE, cache, use, expected, progress);
            Optional<String> flaw = flaw(sector, replica.file(), beside.file(), expected);
            if (flaw.isEmpty()) {
              // The replica last: while it is not in its place, this is done again.
              settle(beside, sector.id());
              settle(replica, sector.id());
              return;
            }
            discard(replica);
            discard(beside);
            boolean fetched = replica.to().isPresent() || beside.to().isPresent();
            if (!fetched || fetches == REPLICA_FETCHES) {
              String tried = fetched ? ", fetched " + fetches + " times" : "";
              throw new DamagedFileException(
                  replica.file(), "with the cache in " + beside.file() + tried + ": " + flaw.get());
            }
            LOG.warn("the replica of sector {} is fetched anew: {}", sector.id(), flaw.get());
          }
        });
  }

  /**
   * One kind of file, checked as far as it can be by itself.
   *
   * @param to beside whose place it is; empty if it is in its place
   */
  private record Arrived(SectorFileType type, Path file, Optional<LocalPath> to) {}

  private Arrived take(
      SectorRef sector,
      SectorFileType type,
      Origin origin,
      PathType use,
      Expected expected,
      Progress progress)
      throws IOException {
    if (origin instanceof Origin.Remote(Source source) && files.find(sector.id(), type).isEmpty()) {
      return fetch(sector, type, use, source, expected, progress);
    }
    Path file = files.require(sector.id(), type, sector.proof().sectorSize());
    check(file, sector, type, expected, progress);
    return new Arrived(type, file, Optional.empty());
  }

  /** What is wrong with a replica and its cache, each of which is good by itself. */
  private Optional<String> flaw(SectorRef sector, Path sealed, Path cache, Expected expected)
      throws IOException {
    Commitment commR = expected.commR().isPresent() ? expected.commR().get() : root(cache);
    return ReplicaCheck.replica(sector.proof(), commR, sealed, cache, SAMPLES, random);
  }

  private void settle(Arrived arrived, SectorId sector) throws IOException {
    if (arrived.to().isEmpty()) {
      return;
    }
    LocalPath path = arrived.to().get();
    Path place = path.file(arrived.type(), sector);
    if (arrived.type() == SectorFileType.UNSEALED) {
      PartialFile.forgetAll(place);
    }
    DurableFiles.rename(arrived.file(), place);
    files.declare(path, sector, arrived.type(), path.meta().canStore());
  }

  /** What is of no use must not be gone on with; what is in its place is not ours to delete. */
  private static void discard(Arrived arrived) throws IOException {
    if (arrived.to().isPresent()) {
      DurableFiles.deleteTree(arrived.file());
    }
  }

  private Arrived fetch(
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
      return new Arrived(type, unfinished, Optional.of(path));
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
      // A replica of its full length has nothing to come; data has a tail of unknown length.
      if (type == SectorFileType.UNSEALED || out.size() != limit) {
        append(source, out, size.bytes(), limit, progress);
      }
      out.force(true);
    }
  }

  /**
   * Brings the rest of a file.
   *
   * @param least fewer bytes are not the whole, if the source does not say how many it has
   * @param limit more bytes are not the file
   */
  private static void append(
      Source source, FileChannel out, long least, long limit, Progress progress)
      throws IOException {
    Download download = source.open(Math.min(out.size(), limit));
    try (InputStream body = download.body()) {
      if (download.from() > out.size()) {
        throw new RejectedSourceException(
            "it begins at " + download.from() + ", only " + out.size() + " bytes are here");
      }
      long whole =
          download.bytes().isPresent() ? download.from() + download.bytes().getAsLong() : least;
      if (whole > limit) {
        throw tooLong(whole, limit);
      }
      out.truncate(download.from());
      long end = copy(body, out, limit, progress);
      if (end < whole) {
        throw new IOException("it broke off after " + end + " of " + whole + " bytes");
      }
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

  /**
   * Data with gaps beside a replica says nothing of the whole; its pieces are checked when they are
   * read. Where there is no replica it could only fail later: nobody fills the gaps.
   */
  private void checkData(Path file, SectorSize size, Expected expected, Progress progress)
      throws IOException {
    if (expected.commD().isEmpty()) {
      PartialFile.openRead(file, size).close();
      return;
    }
    try (PartialFile data = PartialFile.openRead(file, size)) {
      if (!data.isComplete()) {
        if (expected.commR().isPresent()) {
          return;
        }
        throw new DamagedFileException(
            file,
            "only " + data.present().size() + " of " + size.bytes() + " padded bytes are valid");
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
    Commitment found = root(cache);
    if (!expected.commR().orElse(found).equals(found)) {
      throw new DamagedFileException(
          cache.resolve(CacheFiles.P_AUX),
          "holds roots whose hash is not CommR " + expected.commR().get());
    }
  }

  private static Commitment root(Path cache) throws IOException {
    return ReplicaCheck.commR(cache)
        .orElseThrow(
            () -> new DamagedFileException(cache.resolve(CacheFiles.P_AUX), "holds no two roots"));
  }

  private void locked(String doing, SectorId sector, Set<SectorFileType> types, Work work)
      throws SealFault {
    try (var _ = locks.lock(sector, Set.of(), types)) {
      work.run();
    } catch (IOException | InterruptedException | IllegalArgumentException e) {
      throw SealFaults.of(doing, e);
    }
  }
}
