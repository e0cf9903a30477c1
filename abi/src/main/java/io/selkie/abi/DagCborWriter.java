package io.selkie.abi;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Writes DAG-CBOR, item by item: shortest integers, definite lengths, sorted map keys.
 *
 * <p>The caller writes as many items behind {@link #array} as announced. Source: ipld.io DAG-CBOR
 * specification; go-state-types for the byte strings of amounts.
 */
public final class DagCborWriter {

  static final int UINT = 0;
  static final int NEGATIVE = 1;
  static final int BYTES = 2;
  static final int TEXT = 3;
  static final int ARRAY = 4;
  static final int MAP = 5;
  static final int TAG = 6;
  static final int SIMPLE = 7;
  static final int CID_TAG = 42;
  static final int FALSE = 0xf4;
  static final int TRUE = 0xf5;
  static final int NULL = 0xf6;

  /** The order of map keys: shorter first, then bytewise. */
  static final Comparator<byte[]> KEY_ORDER =
      Comparator.<byte[]>comparingInt(key -> key.length).thenComparing(Arrays::compareUnsigned);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** The start of an array of {@code count} items, which the caller writes next. */
  public DagCborWriter array(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("array of " + count + " items");
    }
    return head(ARRAY, count);
  }

  /** A map; {@code values} are encoded items. The keys are put in order here. */
  public DagCborWriter map(Map<String, byte[]> values) {
    List<Map.Entry<byte[], byte[]>> entries =
        values.entrySet().stream()
            .map(e -> Map.entry(e.getKey().getBytes(StandardCharsets.UTF_8), e.getValue()))
            .sorted(Map.Entry.comparingByKey(KEY_ORDER))
            .toList();
    head(MAP, entries.size());
    for (Map.Entry<byte[], byte[]> entry : entries) {
      head(TEXT, entry.getKey().length);
      out.writeBytes(entry.getKey());
      out.writeBytes(entry.getValue());
    }
    return this;
  }

  /** An integer of any sign. */
  public DagCborWriter integer(long value) {
    return value < 0 ? head(NEGATIVE, ~value) : head(UINT, value);
  }

  /** An integer of 64 unsigned bits. */
  public DagCborWriter unsigned(long value) {
    return head(UINT, value);
  }

  /** A byte string. */
  public DagCborWriter bytes(byte[] value) {
    head(BYTES, value.length);
    out.writeBytes(value);
    return this;
  }

  /** A text. */
  public DagCborWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    head(TEXT, utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  /** True or false. */
  public DagCborWriter bool(boolean value) {
    out.write(value ? TRUE : FALSE);
    return this;
  }

  /** Null. */
  public DagCborWriter nul() {
    out.write(NULL);
    return this;
  }

  /** A link: tag 42 and a byte string with a leading zero. */
  public DagCborWriter cid(Cid value) {
    byte[] binary = value.bytes();
    head(TAG, CID_TAG);
    head(BYTES, binary.length + 1L);
    out.write(0);
    out.writeBytes(binary);
    return this;
  }

  /** An amount: empty for zero, else a sign byte (0 plus, 1 minus) and the magnitude. */
  public DagCborWriter amount(TokenAmount value) {
    return bytes(amountBytes(value.atto()));
  }

  /** An address as a byte string. */
  public DagCborWriter address(Address value) {
    return bytes(value.bytes());
  }

  /** An item that is encoded already. */
  public DagCborWriter raw(byte[] encoded) {
    out.writeBytes(encoded);
    return this;
  }

  /** What was written so far. */
  public byte[] toByteArray() {
    return out.toByteArray();
  }

  private static byte[] amountBytes(BigInteger value) {
    if (value.signum() == 0) {
      return new byte[0];
    }
    byte[] magnitude = value.abs().toByteArray();
    int skip = magnitude[0] == 0 ? 1 : 0;
    byte[] out = new byte[1 + magnitude.length - skip];
    out[0] = (byte) (value.signum() < 0 ? 1 : 0);
    System.arraycopy(magnitude, skip, out, 1, magnitude.length - skip);
    return out;
  }

  private DagCborWriter head(int major, long argument) {
    int top = major << 5;
    if (Long.compareUnsigned(argument, 24) < 0) {
      out.write(top | (int) argument);
      return this;
    }
    int log = 3;
    if (Long.compareUnsigned(argument, 0xffL) <= 0) {
      log = 0;
    } else if (Long.compareUnsigned(argument, 0xffffL) <= 0) {
      log = 1;
    } else if (Long.compareUnsigned(argument, 0xffffffffL) <= 0) {
      log = 2;
    }
    out.write(top | (24 + log));
    for (int shift = (8 << log) - 8; shift >= 0; shift -= 8) {
      out.write((int) (argument >>> shift));
    }
    return this;
  }
}
