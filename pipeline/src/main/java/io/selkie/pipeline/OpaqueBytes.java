package io.selkie.pipeline;

import java.util.Arrays;

/** Bytes that the pipeline carries without looking into them, such as a proof; immutable. */
public final class OpaqueBytes {

  private final byte[] bytes;

  private OpaqueBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of these bytes. */
  public static OpaqueBytes of(byte[] bytes) {
    return new OpaqueBytes(bytes.clone());
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** How many there are. */
  public int length() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OpaqueBytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Their number only: proofs do not belong in log lines. */
  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
