package io.selkie.storage;

import io.selkie.abi.SectorSize;
import io.selkie.proofs.seal.CacheFiles;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Which files an archive of a sector's cache may hold, and how large they may be: the names that
 * sealing writes and no others (lotus lib/tarutil), with those two that the reference's list lacks,
 * a single tree-c and the synthetic proofs.
 */
final class CacheArchive {

  private static final Pattern LAYER = Pattern.compile("sc-02-data-layer-(?:[1-9]|1[01])\\.dat");
  private static final Pattern TREE_C =
      Pattern.compile("sc-02-data-tree-c(?:-(?:[0-9]|1[0-5]))?\\.dat");
  private static final Pattern TREE_R_LAST =
      Pattern.compile("sc-02-data-tree-r-last(?:-(?:[0-9]|1[0-5]))?\\.dat");

  private static final long P_AUX_BYTES = 64;
  private static final long T_AUX_BYTES = 10_240;

  /** The reference's, for any sector. */
  private static final long TREE_R_LAST_BYTES = 10_000_000;

  /** 2^18 challenges of about 100 KB each (FIP-0059), with room. */
  private static final long SYNTHETIC_BYTES = 64L << 30;

  private CacheArchive() {}

  /** How many bytes the file of this name may have; empty if there is no such file. */
  static OptionalLong maxBytes(String name, SectorSize sector) {
    if (name.equals(CacheFiles.P_AUX)) {
      return OptionalLong.of(P_AUX_BYTES);
    }
    if (name.equals(CacheFiles.T_AUX)) {
      return OptionalLong.of(T_AUX_BYTES);
    }
    if (name.equals(CacheFiles.SYNTHETIC_PROOFS)) {
      return OptionalLong.of(SYNTHETIC_BYTES);
    }
    if (LAYER.matcher(name).matches()) {
      return OptionalLong.of(sector.bytes());
    }
    // All rows of a binary tree over the sector's nodes are twice as long as these.
    if (name.equals(CacheFiles.TREE_D) || TREE_C.matcher(name).matches()) {
      return OptionalLong.of(2 * sector.bytes());
    }
    return TREE_R_LAST.matcher(name).matches()
        ? OptionalLong.of(Math.min(TREE_R_LAST_BYTES, 2 * sector.bytes()))
        : OptionalLong.empty();
  }
}
