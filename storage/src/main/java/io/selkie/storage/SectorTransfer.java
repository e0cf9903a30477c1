package io.selkie.storage;

import io.selkie.abi.Commitment;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.pipeline.SealFault;
import io.selkie.proofs.seal.DamagedFileException;
import io.selkie.proofs.seal.SealContext;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings a sector's files here from other machines, and takes copies away. A file is received
 * beside its place, forced, renamed and then declared, as everywhere (lotus
 * storage/paths/remote.go). Whoever calls holds the sector's locks. Thread-safe.
 */
public final class SectorTransfer {

  /**
   * What an unsealed file may have behind its data: one bit per byte at worst, run-length coded.
   */
  private static final long TRAILER_BYTES = 1 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final LocalPaths paths;
  private final SectorIndex index;
  private final SectorFiles files;
  private final OtherPaths others;

  /** Between the paths of this machine and those of others. */
  public SectorTransfer(LocalPaths paths, SectorIndex index, OtherPaths others) {
    this.paths = paths;
    this.index = index;
    this.files = new SectorFiles(paths, index, SectorFiles.SameStore.ofSystem(), CrashPoint.NONE);
    this.others = others;
  }

  /** Which of these kinds lie on a path of this machine. */
  public Set<SectorFileType> here(SectorId sector, Set<SectorFileType> types) throws SealFault {
    EnumSet<SectorFileType> found = EnumSet.noneOf(SectorFileType.class);
    for (SectorFileType type : types) {
      try {
        if (files.find(sector, type).isPresent()) {
          found.add(type);
        }
      } catch (IOException e) {
        throw SealFaults.of("looking for files of sector " + sector, e);
      }
    }
    return found;
  }

  /** The copies of a kind on other machines. */
  public List<OtherPaths.Copy> elsewhere(SectorId sector, SectorFileType type) throws SealFault {
    try {
      return others.copies(sector, type);
    } catch (IOException e) {
      throw SealFaults.of("asking where files of sector " + sector + " are", e);
    }
  }

  /**
   * Brings here what of these kinds is not here and is elsewhere.
   *
   * @param use where it is to lie
   * @param primary whether it is the copy to keep
   */
  public void bring(
      SectorId sector, SectorSize size, Set<SectorFileType> types, PathType use, boolean primary)
      throws SealFault {
    String doing = "bringing files of sector " + sector;
    try {
      for (SectorFileType type : types) {
        if (files.find(sector, type).isEmpty() && !others.copies(sector, type).isEmpty()) {
          bring(sector, size, type, use, primary, null);
        }
      }
    } catch (IOException | InterruptedException | IllegalArgumentException e) {
      throw SealFaults.of(doing, e);
    }
  }

  /**
   * Brings the unsealed file here, in place of one that is here.
   *
   * @param commD what its whole data must hash to
   * @throws SealFault DAMAGED_FILE if it does not; nothing is here then that was not before
   */
  public void bringUnsealed(SectorId sector, SectorSize size, Commitment commD, SealContext context)
      throws SealFault {
    try {
      bring(
          sector,
          size,
          SectorFileType.UNSEALED,
          PathType.STORAGE,
          true,
          file -> requireData(file, size, commD, context));
    } catch (IOException | InterruptedException | IllegalArgumentException e) {
      throw SealFaults.of("bringing the data of sector " + sector, e);
    }
  }

  private static void requireData(Path file, SectorSize size, Commitment commD, SealContext context)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Commitment found = DataRoot.of(file, channel, size, context);
      if (!found.equals(commD)) {
        throw new DamagedFileException(
            file, "its data has the commitment " + found + ", expected " + commD);
      }
    }
  }

  /** Looks at a file before it is put into its place. */
  @FunctionalInterface
  private interface Check {
    void look(Path file) throws IOException;
  }

  private void bring(
      SectorId sector,
      SectorSize size,
      SectorFileType type,
      PathType use,
      boolean primary,
      @Nullable Check check)
      throws IOException, InterruptedException {
    try (Allocation room =
        paths.allocator().allocate(Allocator.Request.of(sector, Set.of(type), size, use))) {
      LocalPath path = room.path(type);
      Path unfinished = path.unfinished(type, sector);
      receive(sector, size, type, unfinished);
      if (check != null) {
        check.look(unfinished);
      }
      Path to = path.file(type, sector);
      if (type == SectorFileType.UNSEALED) {
        PartialFile.forgetAll(to);
      }
      DurableFiles.deleteTree(to);
      DurableFiles.rename(unfinished, to);
      files.declare(path, sector, type, primary);
    }
  }

  /** Tries every copy at each of its addresses. */
  private void receive(SectorId sector, SectorSize size, SectorFileType type, Path to)
      throws IOException, InterruptedException {
    List<String> failures = new ArrayList<>();
    for (OtherPaths.Copy copy : others.copies(sector, type)) {
      for (String url : copy.urls()) {
        DurableFiles.deleteTree(to);
        Files.createDirectories(DurableFiles.parent(to));
        try {
          receive(url, size, type, to);
          return;
        } catch (InterruptedIOException interrupted) {
          throw interrupted;
        } catch (IOException e) {
          failures.add(url + " (" + e.getMessage() + ")");
          DurableFiles.deleteTree(to);
        }
      }
    }
    throw new UnreachablePathException(
        "no copy of the "
            + type.directoryName()
            + " file of "
            + sector
            + " can be had: "
            + failures);
  }

  private void receive(String url, SectorSize size, SectorFileType type, Path to)
      throws IOException, InterruptedException {
    OtherPaths.Incoming incoming = others.open(url, type);
    try (var body = incoming.body()) {
      if (type.isDirectory()) {
        Files.createDirectories(to);
        CacheArchive.unpack(body, to, type, size, _ -> {});
        return;
      }
      long most = size.bytes() + (type == SectorFileType.UNSEALED ? TRAILER_BYTES : 0);
      if (incoming.length() < size.bytes() || incoming.length() > most) {
        throw new IOException(
            "a file of " + incoming.length() + " bytes is no " + type.directoryName() + " file");
      }
      try (FileChannel out =
          FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        write(body, out, incoming.length());
      }
    }
  }

  /** Writes exactly so many bytes and forces them. */
  private static void write(InputStream in, FileChannel out, long size) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long at = 0;
    while (at < size) {
      if (Thread.interrupted()) {
        throw new InterruptedIOException("interrupted after " + at + " of " + size);
      }
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, size - at));
      if (count < 0) {
        throw new EOFException("the other end stopped after " + at + " of " + size + " bytes");
      }
      DurableFiles.writeFully(out, ByteBuffer.wrap(buffer, 0, count), at);
      at += count;
    }
    out.force(true);
  }

  /**
   * Takes the copies of these kinds away that are on other machines.
   *
   * @param keep paths whose copies stay
   * @throws SealFault naming every copy that is still there
   */
  public void removeElsewhere(SectorId sector, Set<SectorFileType> types, Set<String> keep)
      throws SealFault {
    String doing = "taking copies of sector " + sector + " away";
    List<String> failures = new ArrayList<>();
    for (SectorFileType type : types) {
      for (OtherPaths.Copy copy : elsewhere(sector, type)) {
        if (keep.contains(copy.path())) {
          continue;
        }
        try {
          others.delete(copy, sector, type);
          index.drop(copy.path(), sector, Set.of(type));
        } catch (IOException e) {
          failures.add(copy.urls() + " (" + e.getMessage() + ")");
        } catch (InterruptedException e) {
          throw SealFaults.of(doing, e);
        }
      }
    }
    if (!failures.isEmpty()) {
      throw new SealFault(
          SealFault.Kind.UNREACHABLE, doing + ": still there: " + String.join(", ", failures));
    }
  }

  /** Takes what an unfinished sector has of these kinds here away; a finished replica is kept. */
  public void clearHere(SectorId sector, Set<SectorFileType> types) throws SealFault {
    try {
      if (types.contains(SectorFileType.SEALED) && types.contains(SectorFileType.CACHE)) {
        files.clearForNewReplica(sector);
        return;
      }
      for (LocalPath path : paths.paths()) {
        for (SectorFileType type : types) {
          if (index.held(path.id(), sector).contains(type)) {
            files.removeFrom(path, sector, type);
          }
        }
      }
    } catch (IOException e) {
      throw SealFaults.of("clearing the files of sector " + sector, e);
    }
  }
}
