package io.selkie.storage;

import io.selkie.abi.SectorId;
import java.util.Set;

/** A sector's kinds of files on one path. */
public record Declaration(SectorId sector, Set<SectorFileType> types) {

  /** Copies the set. */
  public Declaration {
    types = Set.copyOf(types);
  }

  /** The kinds' bits together, as on the wire. */
  public int mask() {
    return SectorFileType.mask(types);
  }
}
