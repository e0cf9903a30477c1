package io.selkie.storage;

import io.selkie.abi.SectorId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Room on one storage path that is set aside for files being written.
 *
 * <p>What a file already holds counts against its reservation, so nothing is counted twice. Thread
 * safe.
 */
final class StorageReservations {

  /** Files written under one reservation. Compared by identity. */
  final class Reservation implements AutoCloseable {
    private final SectorId sector;
    private final SectorFileType type;
    private final long bytes;
    private final String store;

    private Reservation(SectorId sector, SectorFileType type, long bytes, String store) {
      this.sector = sector;
      this.type = type;
      this.bytes = bytes;
      this.store = store;
    }

    StorageReservations path() {
      return StorageReservations.this;
    }

    String store() {
      return store;
    }

    long unwritten() throws IOException {
      return Math.max(0, bytes - written(sector, type));
    }

    /** Gives back what was not used; closing twice is harmless. */
    @Override
    public void close() {
      release(this);
    }
  }

  private final Path root;
  private final long maxBytes;
  private final DiskSpace space;
  private final ReservationLedger ledger;

  /**
   * @param ledger shared by all paths of the machine
   */
  StorageReservations(Path root, long maxBytes, DiskSpace space, ReservationLedger ledger) {
    this.root = root;
    this.maxBytes = maxBytes;
    this.space = space;
    this.ledger = ledger;
  }

  /**
   * Sets room aside for a file of this kind.
   *
   * @param bytes how large the file may become; what it has already is credited
   * @throws NoSpaceException if the path has less
   */
  Reservation reserve(SectorId sector, SectorFileType type, long bytes) throws IOException {
    synchronized (ledger) {
      DiskSpace.Room room = space.read(root);
      long needed = Math.max(0, bytes - written(sector, type));
      long available = stat(room).available();
      if (available < needed) {
        throw new NoSpaceException(
            root.resolve(type.directoryName()).resolve(sector.fileName()), needed, available);
      }
      Reservation reservation = new Reservation(sector, type, bytes, room.store());
      ledger.add(reservation);
      return reservation;
    }
  }

  /** How full the path is now. Walks its files only where it has a limit of its own. */
  FsStat stat() throws IOException {
    synchronized (ledger) {
      return stat(space.read(root));
    }
  }

  private FsStat stat(DiskSpace.Room room) throws IOException {
    long reserved = ledger.onPath(this);
    long available = room.availableBytes() - ledger.onStore(room.store());
    long used = 0;
    if (maxBytes > 0) {
      used = used();
      available = Math.min(available, maxBytes - used - reserved);
    }
    return new FsStat(
        room.capacityBytes(),
        Math.max(0, available),
        room.availableBytes(),
        reserved,
        maxBytes,
        used);
  }

  private void release(Reservation reservation) {
    synchronized (ledger) {
      ledger.remove(reservation);
    }
  }

  private long written(SectorId sector, SectorFileType type) throws IOException {
    Path directory = root.resolve(type.directoryName());
    Path unfinished = directory.resolve(SectorFileName.FETCHING);
    return stored(type, directory.resolve(sector.fileName()))
        + stored(type, unfinished.resolve(sector.fileName()));
  }

  private long used() throws IOException {
    long sum = new Trash(root).bytes();
    for (SectorFileType type : SectorFileType.values()) {
      Path directory = root.resolve(type.directoryName());
      for (Path entry : children(directory)) {
        if (entry.endsWith(SectorFileName.FETCHING)) {
          for (Path unfinished : children(entry)) {
            sum += stored(type, unfinished);
          }
        } else {
          sum += stored(type, entry);
        }
      }
    }
    return sum;
  }

  /** What a file or a flat directory holds; 0 if it is gone by now. */
  static long stored(SectorFileType type, Path entry) throws IOException {
    try {
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        long sum = 0;
        for (Path file : children(entry)) {
          sum += sizeIfThere(file);
        }
        return sum;
      }
      if (type == SectorFileType.UNSEALED && Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) {
        return PartialFile.storedBytes(entry);
      }
      return sizeIfThere(entry);
    } catch (NoSuchFileException _) { // removed while we looked: it uses nothing
      return 0;
    }
  }

  private static long sizeIfThere(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException _) { // removed while we looked: it uses nothing
      return 0;
    }
  }

  private static List<Path> children(Path directory) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(directory)) {
      listing.forEach(children::add);
    } catch (NoSuchFileException _) { // removed while we looked: it holds nothing
      return List.of();
    }
    return children;
  }
}
