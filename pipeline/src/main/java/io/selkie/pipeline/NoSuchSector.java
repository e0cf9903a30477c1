package io.selkie.pipeline;

import io.selkie.abi.SectorNumber;

/** A command for a sector that does not exist, or no longer; the message is the reference's. */
public final class NoSuchSector extends Exception {

  private static final long serialVersionUID = 1;

  private NoSuchSector(String message) {
    super(message);
  }

  static NoSuchSector unknown(SectorNumber number) {
    return new NoSuchSector("No state for /" + number + ": datastore: key not found");
  }

  static NoSuchSector removed() {
    return new NoSuchSector("normal shutdown of state machine");
  }
}
