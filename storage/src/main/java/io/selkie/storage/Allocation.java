package io.selkie.storage;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Paths for new files, with their room set aside until this is closed. */
final class Allocation implements AutoCloseable {

  private final Map<SectorFileType, LocalPath> places = new EnumMap<>(SectorFileType.class);
  private final List<StorageReservations.Reservation> reservations = new ArrayList<>();

  /** Where the file of this kind goes. */
  LocalPath path(SectorFileType type) {
    LocalPath path = places.get(type);
    if (path == null) {
      throw new IllegalArgumentException("no " + type.directoryName() + " was asked for");
    }
    return path;
  }

  void add(SectorFileType type, LocalPath path, StorageReservations.Reservation reservation) {
    places.put(type, path);
    reservations.add(reservation);
  }

  /** Takes over what another one holds. */
  void addAll(Allocation other) {
    places.putAll(other.places);
    reservations.addAll(other.reservations);
  }

  /** Gives back what was not used. */
  @Override
  public void close() {
    reservations.forEach(StorageReservations.Reservation::close);
  }
}
