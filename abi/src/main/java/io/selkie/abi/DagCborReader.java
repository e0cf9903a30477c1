package io.selkie.abi;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads DAG-CBOR, item by item, and accepts the canonical form only.
 *
 * <p>Refused: longer integers than need be, indefinite lengths, map keys out of order or twice,
 * tags other than 42, floats (nothing on this chain uses them), undefined, broken UTF-8, nesting
 * deeper than {@link #MAX_DEPTH}, bytes behind the end. Lengths are compared with what is left of
 * the input and with the caller's limit before anything is allocated. Every failure is a {@link
 * DagCborException}.
 */
public final class DagCborReader {

  /** The deepest nesting that {@link #skip} follows. */
  public static final int MAX_DEPTH = 64;

  /** The longest amount, bytes (go-state-types, big.BigIntMaxSerializedLen). */
  public static final int MAX_AMOUNT_BYTES = 128;

  /** The longest CID in a link, bytes, the leading zero included (cbor-gen). */
  public static final int MAX_CID_BYTES = 512;

  private static final String[] KINDS = {
    "an unsigned integer",
    "a negative integer",
    "a byte string",
    "a text",
    "an array",
    "a map",
    "a tag",
    "a simple value"
  };

  private final byte[] in;
  private int at;
  private int start;
  private int major;
  private long argument;

  /** A reader of these bytes, from the first one on. The array must not change meanwhile. */
  public DagCborReader(byte[] bytes) {
    this.in = bytes;
  }

  /** What reads the value of a map's key. */
  public interface EntryReader {
    /** Reads exactly one item, the value of {@code key}. */
    void read(String key);
  }

  /** The offset of the next item. */
  public int offset() {
    return at;
  }

  /** Whether everything was read. */
  public boolean atEnd() {
    return at == in.length;
  }

  /** Insists on having read everything. */
  public void end() {
    if (at != in.length) {
      throw new DagCborException(at, (in.length - at) + " bytes behind the end");
    }
  }

  /** Insists on an array of {@code count} items, the form of a tuple. */
  public void tuple(int count) {
    long found = array(Integer.MAX_VALUE);
    if (found != count) {
      throw new DagCborException(start, "array of " + found + " items, expected " + count);
    }
  }

  /** The number of items of the array that starts here, at most {@code limit}. */
  public int array(int limit) {
    expect(DagCborWriter.ARRAY);
    return length("array of ", " items", limit);
  }

  /** Reads a map of at most {@code limit} entries; {@code entries} reads each value. */
  public void map(int limit, EntryReader entries) {
    expect(DagCborWriter.MAP);
    int count = length("map of ", " entries", limit);
    byte @Nullable [] before = null;
    for (int i = 0; i < count; i++) {
      int keyAt = at;
      String key = text(in.length);
      byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
      if (before != null && DagCborWriter.KEY_ORDER.compare(before, utf8) >= 0) {
        throw new DagCborException(keyAt, "map key '" + key + "' is out of order or there twice");
      }
      before = utf8;
      entries.read(key);
    }
  }

  /** An integer that fits 64 signed bits. */
  public long integer() {
    head();
    if (major == DagCborWriter.UINT && argument >= 0) {
      return argument;
    }
    if (major == DagCborWriter.NEGATIVE && argument >= 0) {
      return ~argument;
    }
    if (major > DagCborWriter.NEGATIVE) {
      throw new DagCborException(start, "expected an integer, found " + KINDS[major]);
    }
    throw new DagCborException(start, "integer over 64 bits with its sign");
  }

  /** An integer of 0 to 2^63 - 1. */
  public long natural() {
    expect(DagCborWriter.UINT);
    if (argument < 0) {
      throw new DagCborException(
          start, "integer " + Long.toUnsignedString(argument) + " over 63 bits");
    }
    return argument;
  }

  /** An integer of 0 to 2^64 - 1, as the bits of a long. */
  public long unsigned() {
    expect(DagCborWriter.UINT);
    return argument;
  }

  /** A byte string of at most {@code limit} bytes. */
  public byte[] bytes(int limit) {
    expect(DagCborWriter.BYTES);
    return take(length("byte string of ", " bytes", limit));
  }

  /** A text of at most {@code limit} bytes of UTF-8. */
  public String text(int limit) {
    expect(DagCborWriter.TEXT);
    int textAt = start;
    byte[] utf8 = take(length("text of ", " bytes", limit));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      DagCborException broken = new DagCborException(textAt, "text is not UTF-8");
      broken.initCause(e);
      throw broken;
    }
  }

  /** True or false. */
  public boolean bool() {
    expect(DagCborWriter.SIMPLE);
    if (argument == (DagCborWriter.NULL & 31)) {
      throw new DagCborException(start, "expected true or false, found null");
    }
    return argument == (DagCborWriter.TRUE & 31);
  }

  /** Whether null is next; if so it is read. */
  public boolean nul() {
    if (at < in.length && (in[at] & 0xff) == DagCborWriter.NULL) {
      at++;
      return true;
    }
    return false;
  }

  /** A link. */
  public Cid cid() {
    expect(DagCborWriter.TAG);
    int linkAt = start;
    byte[] prefixed = bytes(MAX_CID_BYTES);
    if (prefixed.length == 0 || prefixed[0] != 0) {
      throw new DagCborException(linkAt, "link without the leading zero byte");
    }
    try {
      return Cid.ofBytes(Arrays.copyOfRange(prefixed, 1, prefixed.length));
    } catch (IllegalArgumentException e) {
      DagCborException broken = new DagCborException(linkAt, String.valueOf(e.getMessage()));
      broken.initCause(e);
      throw broken;
    }
  }

  /** An amount as {@link DagCborWriter#amount} writes it. */
  public TokenAmount amount() {
    byte[] text = bytes(MAX_AMOUNT_BYTES);
    if (text.length == 0) {
      return TokenAmount.ZERO;
    }
    if (text[0] < 0 || text[0] > 1 || text.length == 1 || text[1] == 0) {
      throw new DagCborException(start, "amount without a sign byte or with leading zeros");
    }
    return new TokenAmount(new BigInteger(text[0] == 0 ? 1 : -1, text, 1, text.length - 1));
  }

  /** An address as a byte string. */
  public Address address() {
    byte[] binary = bytes(Address.MAX_BYTES);
    try {
      return Address.ofBytes(binary);
    } catch (IllegalArgumentException e) {
      DagCborException broken = new DagCborException(start, String.valueOf(e.getMessage()));
      broken.initCause(e);
      throw broken;
    }
  }

  /** Reads over one item, whatever it is, and returns its bytes. */
  public byte[] skip() {
    int from = at;
    skip(0);
    return Arrays.copyOfRange(in, from, at);
  }

  /**
   * Insists on {@code bytes} being exactly one canonical item.
   *
   * @throws DagCborException if not
   */
  public static void validate(byte[] bytes) {
    DagCborReader reader = new DagCborReader(bytes);
    reader.skip(0);
    reader.end();
  }

  private void skip(int depth) {
    if (depth > MAX_DEPTH) {
      throw new DagCborException(at, "nested deeper than " + MAX_DEPTH);
    }
    int from = at;
    head();
    int kind = major;
    at = from;
    switch (kind) {
      case DagCborWriter.BYTES -> bytes(in.length);
      case DagCborWriter.TEXT -> text(in.length);
      case DagCborWriter.ARRAY -> {
        int count = array(in.length);
        for (int i = 0; i < count; i++) {
          skip(depth + 1);
        }
      }
      case DagCborWriter.MAP -> map(in.length, key -> skip(depth + 1));
      case DagCborWriter.TAG -> cid();
      default -> head();
    }
  }

  private void expect(int wanted) {
    head();
    if (major != wanted) {
      throw new DagCborException(start, "expected " + KINDS[wanted] + ", found " + KINDS[major]);
    }
  }

  /** The argument as a count of things of at least one byte each. */
  private int length(String before, String after, int limit) {
    int left = in.length - at;
    if (Long.compareUnsigned(argument, Math.min(left, limit)) > 0) {
      String found = before + Long.toUnsignedString(argument) + after;
      throw new DagCborException(
          start,
          Long.compareUnsigned(argument, left) > 0
              ? found + " with " + left + " bytes left"
              : found + ", at most " + limit + " allowed");
    }
    return (int) argument;
  }

  private byte[] take(int count) {
    at += count;
    return Arrays.copyOfRange(in, at - count, at);
  }

  private void head() {
    start = at;
    if (at == in.length) {
      throw new DagCborException(at, "the input ends where an item is expected");
    }
    int first = in[at++] & 0xff;
    major = first >> 5;
    int info = first & 31;
    if (major == DagCborWriter.SIMPLE) {
      if (first < DagCborWriter.FALSE || first > DagCborWriter.NULL) {
        throw new DagCborException(start, "simple value or float 0x" + Integer.toHexString(first));
      }
      argument = info;
      return;
    }
    argument = info < 24 ? info : longArgument(info);
    if (major == DagCborWriter.TAG && argument != DagCborWriter.CID_TAG) {
      throw new DagCborException(
          start, "tag " + Long.toUnsignedString(argument) + " (42 is the only one allowed)");
    }
  }

  private long longArgument(int info) {
    if (info > 27) {
      throw new DagCborException(start, "indefinite or reserved length");
    }
    int count = 1 << (info - 24);
    if (in.length - at < count) {
      throw new DagCborException(start, "the input ends within an item's head");
    }
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = (value << 8) | (in[at++] & 0xff);
    }
    long smallest = count == 1 ? 24 : 1L << (count * 4);
    if (Long.compareUnsigned(value, smallest) < 0) {
      throw new DagCborException(start, "integer is not in its shortest form");
    }
    return value;
  }
}
