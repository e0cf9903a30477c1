package io.selkie.proofs.seal;

import io.selkie.proofs.codec.MalformedException;
import io.selkie.proofs.codec.StructureReader;
import io.selkie.proofs.codec.StructureWriter;

/**
 * The reference's description of a stored tree or layer.
 *
 * <p>Source: merkletree store.rs (StoreConfig).
 *
 * @param path the directory, as it was given
 * @param id what is stored, such as {@code layer-1}
 * @param size nodes
 * @param rowsToDiscard rows above the leaves that are not stored
 */
record StoreConfig(String path, String id, long size, long rowsToDiscard) {

  /** The longest path read back: PATH_MAX of Linux. */
  static final int MAX_PATH_BYTES = 4096;

  private static final int MAX_ID_BYTES = 64;

  void write(StructureWriter out) {
    out.begin();
    out.field("path");
    out.text(path);
    out.field("id");
    out.text(id);
    out.field("size");
    out.someU64(size);
    out.field("rows_to_discard");
    out.u64(rowsToDiscard);
    out.end();
  }

  static StoreConfig read(StructureReader in) throws MalformedException {
    in.begin();
    in.field("path");
    String path = in.text(MAX_PATH_BYTES);
    in.field("id");
    String id = in.text(MAX_ID_BYTES);
    in.field("size");
    long size = in.someU64();
    in.field("rows_to_discard");
    long rowsToDiscard = in.u64();
    in.end();
    return new StoreConfig(path, id, size, rowsToDiscard);
  }

  /** Reads a description that can only be this one, whatever its path. */
  static StoreConfig readExpected(StructureReader in, StoreConfig expected)
      throws MalformedException {
    StoreConfig found = read(in);
    if (!new StoreConfig(expected.path, found.id, found.size, found.rowsToDiscard)
        .equals(expected)) {
      throw new MalformedException("store " + found + ", expected " + expected);
    }
    return found;
  }
}
