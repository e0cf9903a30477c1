package io.selkie.pipeline.unseal;

import java.util.Arrays;
import java.util.Optional;

/** Where an unsealing job stands. */
public enum UnsealState {
  /** Waits for its turn, or for the time of its next try. */
  QUEUED("Queued"),
  /** Is being worked on. */
  RUNNING("Running"),
  /** The data is there, and its commitment was CommD. */
  DONE("Done"),
  /** Given up, with the reason in its last error. */
  FAILED("Failed"),
  /** Taken back, by somebody or because its sector is being removed. */
  CANCELLED("Cancelled");

  private final String wireName;

  UnsealState(String wireName) {
    this.wireName = wireName;
  }

  /** Its name in the journal and on the wire. */
  public String wireName() {
    return wireName;
  }

  /** Whether nothing happens to it any more. */
  public boolean isFinished() {
    return switch (this) {
      case QUEUED, RUNNING -> false;
      case DONE, FAILED, CANCELLED -> true;
    };
  }

  /** The state of this name, if there is one. */
  static Optional<UnsealState> ofWireName(String name) {
    return Arrays.stream(values()).filter(each -> each.wireName.equals(name)).findFirst();
  }
}
