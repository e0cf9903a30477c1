package io.selkie.abi;

/** Bytes that are not the DAG-CBOR that was expected; the message names the offset. */
public final class DagCborException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final int offset;

  DagCborException(int offset, String what) {
    super("byte " + offset + ": " + what);
    this.offset = offset;
  }

  /** The offset of the item that is wrong. */
  public int offset() {
    return offset;
  }
}
