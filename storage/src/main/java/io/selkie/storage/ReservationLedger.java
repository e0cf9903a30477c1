package io.selkie.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * All room that is set aside on this machine. Paths on one filesystem share its free room, so what
 * is reserved on one of them is not free on the others. Its monitor guards it.
 */
final class ReservationLedger {

  private final List<StorageReservations.Reservation> open = new ArrayList<>();

  void add(StorageReservations.Reservation reservation) {
    open.add(reservation);
  }

  void remove(StorageReservations.Reservation reservation) {
    open.remove(reservation);
  }

  /** Bytes set aside on one path and not yet written. */
  long onPath(StorageReservations path) throws IOException {
    long sum = 0;
    for (StorageReservations.Reservation each : open) {
      sum += each.path() == path ? each.unwritten() : 0;
    }
    return sum;
  }

  /** Bytes set aside on all paths of one filesystem and not yet written. */
  long onStore(String store) throws IOException {
    long sum = 0;
    for (StorageReservations.Reservation each : open) {
      sum += each.store().equals(store) ? each.unwritten() : 0;
    }
    return sum;
  }
}
