package io.selkie.storage;

import io.selkie.abi.SectorSize;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The kinds of files a sector has on disk, in the order of their bits on the wire.
 *
 * <p>Space is counted in tenths of the sector's size, once while sealing and once finalised.
 * Source: lotus storage/sealer/storiface/filetype.go.
 */
public enum SectorFileType {
  /** The client's data, fr32-padded, with a trailer that says which bytes are valid. */
  UNSEALED("unsealed", false, 10, 10),
  /** The replica. */
  SEALED("sealed", false, 10, 10),
  /** Layers and trees. */
  CACHE("cache", true, 141, 1),
  /** The replica after an update with new data. */
  UPDATE("update", false, 10, 10),
  /** Trees of the update. */
  UPDATE_CACHE("update-cache", true, 21, 1),
  /** A piece waiting for a sector. */
  PIECE("piece", false, 10, 10);

  private final String directoryName;
  private final boolean directory;
  private final int sealingTenths;
  private final int finalizedTenths;

  SectorFileType(String directoryName, boolean directory, int sealingTenths, int finalizedTenths) {
    this.directoryName = directoryName;
    this.directory = directory;
    this.sealingTenths = sealingTenths;
    this.finalizedTenths = finalizedTenths;
  }

  /** The kind's bit in a mask on the wire. */
  public int bit() {
    return 1 << ordinal();
  }

  /** The directory under a storage path that holds files of this kind; also the kind's name. */
  public String directoryName() {
    return directoryName;
  }

  /** Whether each sector has a directory of this kind rather than a file. */
  public boolean isDirectory() {
    return directory;
  }

  /** Bytes to set aside for one file of this kind. */
  public long spaceBytes(SectorSize size, PathType use) {
    int tenths =
        switch (use) {
          case SEALING -> sealingTenths;
          case STORAGE -> finalizedTenths;
        };
    return size.bytes() * tenths / 10;
  }

  /** Bytes to set aside for one file of each of these kinds. */
  public static long spaceBytes(Set<SectorFileType> types, SectorSize size, PathType use) {
    long sum = 0;
    for (SectorFileType type : types) {
      sum += type.spaceBytes(size, use);
    }
    return sum;
  }

  /** The bits of these kinds together. */
  public static int mask(Set<SectorFileType> types) {
    int mask = 0;
    for (SectorFileType type : types) {
      mask |= type.bit();
    }
    return mask;
  }

  /**
   * The kinds whose bits are set.
   *
   * @throws IllegalArgumentException for bits that belong to no kind
   */
  public static Set<SectorFileType> ofMask(long mask) {
    if ((mask & ~0x3fL) != 0) {
      throw new IllegalArgumentException("unknown file types specified: mask " + mask);
    }
    EnumSet<SectorFileType> types = EnumSet.noneOf(SectorFileType.class);
    for (SectorFileType type : values()) {
      if ((mask & type.bit()) != 0) {
        types.add(type);
      }
    }
    return Collections.unmodifiableSet(types);
  }

  /** The kind of this name, if there is one. */
  public static Optional<SectorFileType> ofName(String name) {
    for (SectorFileType type : values()) {
      if (type.directoryName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
