package io.selkie.pipeline;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.RemovalPermit.Reason;

/** Permits for tests of what happens with one. */
public final class Permits {

  private Permits() {}

  /** A permit for a sector that ended before its time. */
  public static RemovalPermit terminated(SectorId sector) {
    return RemovalPermit.of(sector, Reason.TERMINATED);
  }
}
