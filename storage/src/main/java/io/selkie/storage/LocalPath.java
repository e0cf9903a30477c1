package io.selkie.storage;

import io.selkie.abi.SectorId;
import java.io.IOException;
import java.nio.file.Path;

/** An open storage path of this machine. */
final class LocalPath {

  private final Path root;
  private final SectorStoreMeta meta;
  private final StorageReservations reservations;
  private final Trash trash;

  LocalPath(Path root, SectorStoreMeta meta, DiskSpace space, ReservationLedger ledger) {
    this.root = root;
    this.meta = meta;
    this.reservations = new StorageReservations(root, meta.maxStorageBytes(), space, ledger);
    this.trash = new Trash(root);
  }

  String id() {
    return meta.id();
  }

  Path root() {
    return root;
  }

  SectorStoreMeta meta() {
    return meta;
  }

  StorageReservations reservations() {
    return reservations;
  }

  Trash trash() {
    return trash;
  }

  /**
   * Looks whether the directory is still the path that was opened: below a mount point whose
   * filesystem is away lies an empty directory of another one.
   */
  void requireReachable() throws UnreachablePathException {
    String found;
    try {
      found = SectorStoreMeta.read(root).id();
    } catch (IOException e) {
      throw new UnreachablePathException(root, String.valueOf(e.getMessage()));
    }
    if (!found.equals(meta.id())) {
      throw new UnreachablePathException(root, "it is now the path " + found);
    }
  }

  /** How full it is. */
  FsStat stat() throws IOException {
    requireReachable();
    return reservations.stat();
  }

  /** Where this kind of the sector's files is, or would be. */
  Path file(SectorFileType type, SectorId sector) {
    return root.resolve(type.directoryName()).resolve(sector.fileName());
  }

  /** Where it is while it is not finished; scans pass over it. */
  Path unfinished(SectorFileType type, SectorId sector) {
    return root.resolve(type.directoryName())
        .resolve(SectorFileName.FETCHING)
        .resolve(sector.fileName());
  }
}
