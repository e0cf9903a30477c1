package io.selkie.storage;

import io.selkie.abi.BitField;
import io.selkie.abi.Bytes32;
import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.proofs.pieces.PieceWriter;
import io.selkie.proofs.pieces.ZeroPieces;
import io.selkie.proofs.seal.DamagedFileException;
import io.selkie.proofs.seal.SealContext;
import io.selkie.proofs.seal.SealSector;
import io.selkie.proofs.seal.Unseal;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The steps that write and read unsealed files. Callers hold the sector's locks. */
final class UnsealedFiles {

  private static final Set<SectorFileType> TYPE = Set.of(SectorFileType.UNSEALED);
  private static final int ZEROS_BYTES = 1 << 20;

  /** Writes a range of the data area. */
  @FunctionalInterface
  private interface Filling {
    Commitment fill(PartialFile file, boolean created) throws IOException;
  }

  private final LocalPaths paths;
  private final SectorFiles files;
  private final CrashPoint crash;
  private final PathType unsealTo;

  /**
   * @param unsealTo where recovered data is put
   */
  UnsealedFiles(LocalPaths paths, SectorFiles files, CrashPoint crash, PathType unsealTo) {
    this.unsealTo = unsealTo;
    this.paths = paths;
    this.files = files;
    this.crash = crash;
  }

  PieceInfo addPiece(
      SectorId sector, SectorSize sectorSize, long offset, UnpaddedPieceSize size, InputStream data)
      throws IOException {
    Commitment commP =
        fill(
            sector,
            sectorSize,
            offset,
            size.padded().bytes(),
            (file, _) -> PieceWriter.write(data, size, file.channel(), offset));
    return new PieceInfo(size.padded(), commP);
  }

  PieceInfo addZeros(
      SectorId sector,
      SectorSize sectorSize,
      long offset,
      UnpaddedPieceSize size,
      Progress progress)
      throws IOException {
    long padded = size.padded().bytes();
    Commitment commP =
        fill(
            sector,
            sectorSize,
            offset,
            padded,
            (file, created) -> {
              // A new file is a hole, which reads as zeros.
              if (!created) {
                writeZeros(file.channel(), offset, padded, progress);
              }
              return ZeroPieces.commitment(size.padded());
            });
    return new PieceInfo(size.padded(), commP);
  }

  /**
   * Fills a range of the sector's unsealed file, which is created if there is none: bits off, data,
   * force, bits on.
   */
  private Commitment fill(
      SectorId sector, SectorSize size, long offset, long length, Filling filling)
      throws IOException {
    Optional<LocalPaths.Located> found = files.find(sector, SectorFileType.UNSEALED);
    if (found.isPresent()) {
      LocalPath path = found.get().path();
      try (var _ =
          paths.allocator().reserveOn(path, sector, SectorFileType.UNSEALED, size.bytes())) {
        return fillOn(path, sector, size, offset, length, filling);
      }
    }
    try (Allocation room =
        paths.allocator().allocate(Allocator.Request.of(sector, TYPE, size, PathType.SEALING))) {
      LocalPath path = room.path(SectorFileType.UNSEALED);
      return fillOn(path, sector, size, offset, length, filling);
    }
  }

  /** Fills the range on a path whose room is set aside. */
  private Commitment fillOn(
      LocalPath path, SectorId sector, SectorSize size, long offset, long length, Filling filling)
      throws IOException {
    Path name = path.file(SectorFileType.UNSEALED, sector);
    boolean created = !Files.exists(name);
    try (PartialFile file =
        created ? PartialFile.create(name, size) : PartialFile.open(name, size)) {
      crash.after("opened unsealed");
      BitField range = BitField.ofRange(offset, offset + length);
      if (!file.present().intersect(range).isEmpty()) {
        file.markAbsent(offset, length);
        crash.after("cleared range");
      }
      Commitment commP = filling.fill(file, created);
      crash.after("wrote data");
      file.markPresent(offset, length);
      crash.after("marked range");
      files.declare(path, sector, SectorFileType.UNSEALED, true);
      return commP;
    } catch (IOException | RuntimeException e) {
      if (created) {
        removeAfter(e, path, sector);
      }
      throw e;
    }
  }

  /** A file made for a piece that then failed is not left behind. */
  private void removeAfter(Exception failure, LocalPath path, SectorId sector) {
    boolean interrupted = Thread.interrupted(); // it would fail the deletion as well
    try {
      files.removeFrom(path, sector, SectorFileType.UNSEALED);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void writeZeros(FileChannel channel, long offset, long length, Progress progress)
      throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(ZEROS_BYTES, length));
    for (long done = 0; done < length; done += zeros.capacity()) {
      if (Thread.interrupted()) {
        throw new InterruptedIOException("interrupted after " + done + " of " + length + " zeros");
      }
      zeros.clear();
      DurableFiles.writeFully(channel, zeros, offset + done);
      progress.update("zeros", done + zeros.capacity(), length);
    }
  }

  /** Keeps the client bytes in these ranges as far as they are there; none: no file is kept. */
  void keep(SectorId sector, SectorSize size, List<UnpaddedRange> ranges) throws IOException {
    BitField keep = BitField.EMPTY;
    for (UnpaddedRange range : ranges) {
      keep =
          keep.plus(
              BitField.ofRange(
                  padded(range.offsetBytes()), padded(range.offsetBytes() + range.sizeBytes())));
    }
    for (LocalPaths.Located located : files.existing(sector, SectorFileType.UNSEALED)) {
      if (keep.isEmpty()) {
        files.removeFrom(located.path(), sector, SectorFileType.UNSEALED);
      } else {
        keepIn(located, sector, size, keep);
      }
    }
  }

  private void keepIn(LocalPaths.Located located, SectorId sector, SectorSize size, BitField keep)
      throws IOException {
    Path kept = located.path().unfinished(SectorFileType.UNSEALED, sector);
    try (PartialFile file = PartialFile.open(located.file(), size)) {
      if (file.present().minus(keep).isEmpty()) {
        return;
      }
      long room = file.present().size() + file.present().intersect(keep).size();
      try (var _ =
          paths.allocator().reserveOn(located.path(), sector, SectorFileType.UNSEALED, room)) {
        Files.createDirectories(DurableFiles.parent(kept));
        file.copyPresent(keep, kept);
      }
    }
    crash.after("copied kept ranges");
    DurableFiles.rename(kept, located.file());
    crash.after("kept ranges");
  }

  boolean holds(SectorId sector, SectorSize size, UnpaddedRange range) throws IOException {
    Optional<PartialFile> file = openWith(sector, size, range);
    if (file.isPresent()) {
      file.get().close();
    }
    return file.isPresent();
  }

  InputStream read(SectorId sector, SectorSize size, UnpaddedRange range, SectorLocks.Held lock)
      throws IOException {
    PartialFile file =
        openWith(sector, size, range)
            .orElseThrow(() ->
                new MissingFileException(
                    range.sizeBytes()
                        + " bytes at "
                        + range.offsetBytes()
                        + " are not all unsealed; unseal the sector first"));
    return new UnpaddingInputStream(file, lock, range.offsetBytes(), range.sizeBytes());
  }

  /** A file that has the whole range. Damage is reported only if no other file has it. */
  private Optional<PartialFile> openWith(SectorId sector, SectorSize size, UnpaddedRange range)
      throws IOException {
    DamagedFileException damage = null;
    for (LocalPaths.Located located : files.existing(sector, SectorFileType.UNSEALED)) {
      try {
        PartialFile file = PartialFile.openRead(located.file(), size);
        if (file.isPresent(padded(range.offsetBytes()), padded(range.sizeBytes()))) {
          return Optional.of(file);
        }
        file.close();
      } catch (DamagedFileException e) {
        damage = e;
      }
    }
    if (damage != null) {
      throw damage;
    }
    return Optional.empty();
  }

  /** Decodes the replica into a new file beside the old one, which it replaces once checked. */
  void unseal(SectorRef sector, OpaqueBytes ticket, Commitment commD, SealContext context)
      throws IOException {
    SectorId id = sector.id();
    SectorSize size = sector.proof().sectorSize();
    Path sealed = files.require(id, SectorFileType.SEALED, size);
    if (isComplete(id, size)) {
      return;
    }
    SealSector seal = new SealSector(sector.proof(), id, randomness(ticket));
    LocalPath path;
    Path unfinished;
    try (Allocation room = roomToUnseal(id, size)) {
      path = room.path(SectorFileType.UNSEALED);
      unfinished = path.unfinished(SectorFileType.UNSEALED, id);
      Path scratch = path.unfinished(SectorFileType.CACHE, id);
      try {
        DurableFiles.deleteTree(scratch);
        Files.createDirectories(scratch);
        Files.createDirectories(DurableFiles.parent(unfinished));
        decode(seal, commD, sealed, scratch, unfinished, context);
      } finally {
        deleteScratch(scratch);
      }
    }
    Path target = path.file(SectorFileType.UNSEALED, id);
    PartialFile.forgetAll(target);
    DurableFiles.rename(unfinished, target);
    crash.after("installed unsealed");
    files.declare(path, id, SectorFileType.UNSEALED, false);
    for (LocalPaths.Located old : files.existing(id, SectorFileType.UNSEALED)) {
      if (!old.path().id().equals(path.id())) {
        files.removeFrom(old.path(), id, SectorFileType.UNSEALED);
      }
    }
  }

  private static Randomness randomness(OpaqueBytes ticket) {
    if (ticket.length() != Bytes32.LENGTH) {
      throw new IllegalArgumentException(
          "ticket of " + ticket.length() + " bytes, expected " + Bytes32.LENGTH);
    }
    return new Randomness(ticket.bytes());
  }

  private void decode(
      SealSector sector,
      Commitment commD,
      Path sealed,
      Path scratch,
      Path unfinished,
      SealContext context)
      throws IOException {
    SectorSize size = sector.proof().sectorSize();
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      Unseal.sector(sector, commD, sealed, scratch, channel, context);
      channel.force(true);
      crash.after("decoded unsealed");
      Commitment found = DataRoot.of(unfinished, channel, size, context);
      if (!found.equals(commD)) {
        throw new DamagedFileException(
            sealed, "decodes to data with commitment " + found + ", expected " + commD);
      }
      PartialFile.completeTrailer(channel, size);
      crash.after("checked unsealed");
    }
  }

  private boolean isComplete(SectorId sector, SectorSize size) throws IOException {
    boolean complete = false;
    for (LocalPaths.Located located : files.existing(sector, SectorFileType.UNSEALED)) {
      try (PartialFile file = PartialFile.open(located.file(), size)) {
        complete |= file.isComplete();
      } catch (DamagedFileException _) { // not complete: one that is checked will replace it
        complete |= false;
      }
    }
    return complete;
  }

  /**
   * Room on a long-term path for the data and for the scratch directory, where the labels of two
   * layers lie while the last one is computed; where the file is already if that is such a path.
   */
  private Allocation roomToUnseal(SectorId sector, SectorSize size) throws IOException {
    long scratch = 2 * size.bytes();
    Optional<LocalPaths.Located> found = files.find(sector, SectorFileType.UNSEALED);
    if (found.isEmpty() || !found.get().path().meta().serves(unsealTo)) {
      long bytes = size.bytes() + scratch;
      return paths
          .allocator()
          .allocate(
              new Allocator.Request(
                  sector, Map.of(SectorFileType.UNSEALED, bytes), unsealTo, Set.of()));
    }
    LocalPath path = found.get().path();
    Allocation room = new Allocation();
    room.add(
        SectorFileType.UNSEALED,
        path,
        paths
            .allocator()
            .reserveOn(
                path,
                sector,
                SectorFileType.UNSEALED,
                stored(path, sector) + size.bytes() + scratch));
    return room;
  }

  private static long stored(LocalPath path, SectorId sector) throws IOException {
    Path file = path.file(SectorFileType.UNSEALED, sector);
    return Files.exists(file) ? PartialFile.storedBytes(file) : 0;
  }

  private static void deleteScratch(Path scratch) throws IOException {
    boolean interrupted = Thread.interrupted(); // it would fail the deletion as well
    DurableFiles.deleteTree(scratch);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static long padded(long unpaddedBytes) {
    return unpaddedBytes / 127 * 128;
  }
}
