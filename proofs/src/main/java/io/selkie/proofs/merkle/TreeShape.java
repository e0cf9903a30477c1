package io.selkie.proofs.merkle;

import io.selkie.abi.SectorSize;

/**
 * The shape of a sector's Poseidon trees: 8-ary base trees over equal slices of the leaves, joined
 * by at most two further levels. In the reference's notation 8-{@code subArity}-{@code topArity}.
 *
 * <p>Source: rust-fil-proofs, filecoin-proofs constants.rs (SectorShape*), storage-proofs-core
 * merkle/tree.rs.
 *
 * @param baseLevels levels of a base tree above its leaves; it has 8 to that power leaves
 * @param subArity base trees joined by the first further level; 0 if there is none
 * @param topArity nodes joined by the second further level; 0 if there is none
 */
public record TreeShape(int baseLevels, int subArity, int topArity) {

  /** Children of a node in a base tree. */
  public static final int BASE_ARITY = 8;

  /** Bytes of a node. */
  public static final int NODE_BYTES = 32;

  /** Rows left out of tree-r-last where the tree is high enough (the reference's default). */
  private static final int DEFAULT_ROWS_TO_DISCARD = 2;

  /**
   * @throws IllegalArgumentException for a shape that does not exist
   */
  public TreeShape {
    boolean joined = subArity == 0 ? topArity == 0 : isArity(subArity);
    if (baseLevels < 1 || baseLevels > 12 || !joined || (topArity != 0 && !isArity(topArity))) {
      throw new IllegalArgumentException(
          "tree shape 8-" + subArity + "-" + topArity + " of " + baseLevels + " base levels");
    }
  }

  private static boolean isArity(int arity) {
    return arity == 2 || arity == 4 || arity == 8;
  }

  /** The shape of the trees of sectors of this size. */
  public static TreeShape of(SectorSize size) {
    return switch (size) {
      case KIB_2 -> new TreeShape(2, 0, 0);
      case MIB_8 -> new TreeShape(6, 0, 0);
      case MIB_512 -> new TreeShape(8, 0, 0);
      case GIB_32 -> new TreeShape(9, 8, 0);
      case GIB_64 -> new TreeShape(9, 8, 2);
    };
  }

  /** Base trees in all. */
  public int baseTrees() {
    return Math.max(subArity, 1) * Math.max(topArity, 1);
  }

  /** Leaves of a base tree. */
  public long baseLeaves() {
    return 1L << (3 * baseLevels);
  }

  /** Leaves in all: the sector's nodes. */
  public long leafCount() {
    return baseLeaves() * baseTrees();
  }

  /** Nodes of a row of a base tree; row 0 are its leaves. */
  public long rowNodes(int row) {
    return baseLeaves() >> (3 * row);
  }

  /** Nodes of a base tree before {@code row} when rows are written from {@code firstRow} up. */
  public long rowStart(int row, int firstRow) {
    long start = 0;
    for (int r = firstRow; r < row; r++) {
      start += rowNodes(r);
    }
    return start;
  }

  /** Nodes of a base tree, leaves and root included. */
  public long baseNodeCount() {
    return rowStart(baseLevels + 1, 0);
  }

  /** Rows above the leaves that tree-r-last leaves out. */
  public int rowsToDiscard() {
    int rows = baseLevels + 1;
    return switch (rows) {
      case 2 -> 0;
      case 3 -> 1;
      default -> Math.min(rows - 2, DEFAULT_ROWS_TO_DISCARD);
    };
  }

  /** The first row of a base tree that tree-r-last keeps. */
  public int firstKeptRow() {
    return rowsToDiscard() + 1;
  }

  /** Nodes of a base tree that tree-r-last keeps. */
  public long keptNodeCount() {
    return rowStart(baseLevels + 1, firstKeptRow());
  }
}
