package io.selkie.pipeline;

import io.selkie.abi.SectorId;

/**
 * A sector's row that cannot be what was written there. The sector stands still and blocks nothing;
 * {@link JournalReplay} makes its record again.
 */
public final class UndecodableRecord extends Exception {

  private static final long serialVersionUID = 1;

  private final String reason;

  UndecodableRecord(SectorId sector, String reason) {
    super("the record of sector " + sector + " cannot be read: " + reason);
    this.reason = reason;
  }

  UndecodableRecord(SectorId sector, RuntimeException cause) {
    super("the record of sector " + sector + " cannot be read: " + cause, cause);
    this.reason = cause.toString();
  }

  /** What is wrong with it, without the sector. */
  public String reason() {
    return reason;
  }
}
