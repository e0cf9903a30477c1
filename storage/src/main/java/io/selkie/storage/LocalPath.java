package io.selkie.storage;

import io.selkie.abi.SectorId;
import java.nio.file.Path;

/** An open storage path of this machine. */
final class LocalPath {

  private final Path root;
  private final SectorStoreMeta meta;
  private final StorageReservations reservations;

  LocalPath(Path root, SectorStoreMeta meta, DiskSpace space) {
    this.root = root;
    this.meta = meta;
    this.reservations = new StorageReservations(root, meta.maxStorageBytes(), space);
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
