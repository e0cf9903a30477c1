package io.selkie.abi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An immutable set of numbers from 0 to 2^63 - 2, kept as runs.
 *
 * <p>Two forms outside: RLE+ bytes (sector trailers, chain parameters) and the API's run lengths,
 * which count zeros first. Source: github.com/filecoin-project/go-bitfield, spec.filecoin.io
 * appendix "RLE+".
 */
public final class BitField {

  /** Nothing. */
  public static final BitField EMPTY = new BitField(new long[0]);

  /** The longest RLE+ that is read, bytes (go-bitfield, MaxEncodedSize). */
  public static final int MAX_ENCODED_BYTES = 32 << 10;

  private static final Pattern RANGE = Pattern.compile("[0-9]{1,18}(-[0-9]{1,18})?");

  private static final int SHORT_BITS = 4;
  private static final int SHORT_LIMIT = 1 << SHORT_BITS;

  /** Boundaries, strictly rising: members start at even indices and end before odd ones. */
  private final long[] edges;

  private BitField(long[] edges) {
    this.edges = edges;
  }

  /**
   * A run of members.
   *
   * @param from the first member
   * @param to the first number behind it
   */
  public record Run(long from, long to) {
    /** How many members it has. */
    public long size() {
      return to - from;
    }
  }

  /** The set of these numbers, in any order, twice if need be. */
  public static BitField of(long... members) {
    long[] sorted = members.clone();
    Arrays.sort(sorted);
    EdgeList out = new EdgeList();
    for (long member : sorted) {
      checkRange(member, member == Long.MAX_VALUE ? member : member + 1);
      out.append(member, member + 1);
    }
    return out.toBitField();
  }

  /**
   * The numbers from {@code from} to {@code to - 1}; none if they are equal.
   *
   * @throws IllegalArgumentException unless 0 &lt;= from &lt;= to
   */
  public static BitField ofRange(long from, long to) {
    if (from == to && from >= 0) {
      return EMPTY;
    }
    checkRange(from, to);
    return new BitField(new long[] {from, to});
  }

  /**
   * The set that a text such as {@code 20-25,30} writes, ends included.
   *
   * @throws IllegalArgumentException for what is no number and no range
   */
  public static BitField ofText(String text) {
    BitField all = EMPTY;
    for (String part : text.split(",", -1)) {
      if (!RANGE.matcher(part).matches()) {
        throw new IllegalArgumentException(
            "'" + part + "' is neither a number nor a range such as 20-25");
      }
      String[] ends = part.split("-", -1);
      long from = Long.parseLong(ends[0]);
      long last = Long.parseLong(ends[ends.length - 1]);
      if (last < from) {
        throw new IllegalArgumentException("range " + part + " ends before it begins");
      }
      all = all.plus(ofRange(from, last + 1));
    }
    return all;
  }

  /**
   * The set with these run lengths, the first of which counts zeros, as the API writes it.
   *
   * @throws IllegalArgumentException for a zero elsewhere than first, a negative length, or a sum
   *     over 63 bits
   */
  public static BitField ofRunLengths(long... lengths) {
    EdgeList out = new EdgeList();
    long at = 0;
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] == 0 && i > 0) {
        throw new IllegalArgumentException("Cannot have a zero-length run except at start");
      }
      long end = at + lengths[i];
      if (lengths[i] < 0 || end < 0) {
        throw new IllegalArgumentException(
            "run " + i + " of " + Long.toUnsignedString(lengths[i]) + " ends over 63 bits");
      }
      if (i % 2 == 1) {
        out.append(at, end);
      }
      at = end;
    }
    return out.toBitField();
  }

  /**
   * The set that is encoded as RLE+, in its only form: shortest blocks, no run of no length, no
   * zeros at the end.
   *
   * @throws IllegalArgumentException for anything else, or more than {@link #MAX_ENCODED_BYTES}
   */
  public static BitField ofRlePlus(byte[] encoded) {
    if (encoded.length == 0) {
      return EMPTY;
    }
    if (encoded.length > MAX_ENCODED_BYTES) {
      throw new IllegalArgumentException(
          "RLE+ of " + encoded.length + " bytes, at most " + MAX_ENCODED_BYTES);
    }
    return new RlePlusReader(encoded).read();
  }

  /** The RLE+ bytes; none for the empty set. */
  public byte[] toRlePlus() {
    if (edges.length == 0) {
      return new byte[0];
    }
    BitWriter out = new BitWriter();
    out.put(0, 2);
    out.put(edges[0] == 0 ? 1 : 0, 1);
    long at = 0;
    for (long edge : edges) {
      if (edge > at) {
        out.putRun(edge - at);
      }
      at = edge;
    }
    return out.toBytes();
  }

  /** The run lengths, the first of which counts zeros; {@code [0]} for the empty set. */
  public long[] toRunLengths() {
    if (edges.length == 0) {
      return new long[] {0};
    }
    long[] lengths = new long[edges.length];
    long at = 0;
    for (int i = 0; i < edges.length; i++) {
      lengths[i] = edges[i] - at;
      at = edges[i];
    }
    return lengths;
  }

  /** Whether it has no member. */
  public boolean isEmpty() {
    return edges.length == 0;
  }

  /** How many members it has. */
  public long size() {
    long size = 0;
    for (int i = 0; i < edges.length; i += 2) {
      size += edges[i + 1] - edges[i];
    }
    return size;
  }

  /** Whether {@code number} is a member. */
  public boolean contains(long number) {
    int found = Arrays.binarySearch(edges, number);
    return found >= 0 ? found % 2 == 0 : ~found % 2 == 1;
  }

  /** Whether every number from {@code from} to {@code to - 1} is a member. */
  public boolean containsRange(long from, long to) {
    return from >= to || ofRange(from, to).minus(this).isEmpty();
  }

  /**
   * The first number behind every member; 0 for the empty set.
   *
   * @return one more than the greatest member
   */
  public long end() {
    return edges.length == 0 ? 0 : edges[edges.length - 1];
  }

  /** The runs of members, smallest first. */
  public List<Run> runs() {
    List<Run> runs = new ArrayList<>(edges.length / 2);
    for (int i = 0; i < edges.length; i += 2) {
      runs.add(new Run(edges[i], edges[i + 1]));
    }
    return List.copyOf(runs);
  }

  /**
   * The members, smallest first.
   *
   * @throws IllegalArgumentException if there are more than {@code limit}
   */
  public long[] members(int limit) {
    long size = size();
    if (size > limit) {
      throw new IllegalArgumentException("bit field of " + size + " members, at most " + limit);
    }
    long[] out = new long[(int) size];
    int at = 0;
    for (int i = 0; i < edges.length; i += 2) {
      for (long member = edges[i]; member < edges[i + 1]; member++) {
        out[at++] = member;
      }
    }
    return out;
  }

  /** The members of either. */
  public BitField plus(BitField other) {
    return combine(other, true, true, true);
  }

  /** The members that {@code other} lacks. */
  public BitField minus(BitField other) {
    return combine(other, true, false, false);
  }

  /** The members of both. */
  public BitField intersect(BitField other) {
    return combine(other, false, false, true);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BitField that && Arrays.equals(edges, that.edges);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(edges);
  }

  /** The runs, as {@code {0-2, 7}}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (Run run : runs()) {
      text.append(text.length() > 1 ? ", " : "").append(run.from());
      if (run.size() > 1) {
        text.append('-').append(run.to() - 1);
      }
    }
    return text.append('}').toString();
  }

  /** Sweeps over the boundaries of both and keeps what lies in one, the other, or both. */
  private BitField combine(BitField other, boolean mine, boolean theirs, boolean both) {
    EdgeList out = new EdgeList();
    int i = 0;
    int j = 0;
    while (i < edges.length || j < other.edges.length) {
      long a = i < edges.length ? edges[i] : Long.MAX_VALUE;
      long b = j < other.edges.length ? other.edges[j] : Long.MAX_VALUE;
      long at = Math.min(a, b);
      i += i < edges.length && a == at ? 1 : 0;
      j += j < other.edges.length && b == at ? 1 : 0;
      boolean in = i % 2 == 1;
      boolean inOther = j % 2 == 1;
      out.switchTo(at, in ? inOther ? both : mine : inOther && theirs);
    }
    return out.toBitField();
  }

  private static void checkRange(long from, long to) {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("no bit field from " + from + " to " + to);
    }
  }

  /** Boundaries as they are found, from left to right. */
  private static final class EdgeList {
    private long[] edges = new long[8];
    private int count;

    /** Adds a run that starts at or behind the last one's end, or lies within the last one. */
    void append(long from, long to) {
      if (count > 0 && edges[count - 1] >= from) {
        edges[count - 1] = Math.max(edges[count - 1], to);
        return;
      }
      push(from);
      push(to);
    }

    void switchTo(long at, boolean member) {
      if (member != (count % 2 == 1)) {
        push(at);
      }
    }

    private void push(long edge) {
      if (count == edges.length) {
        edges = Arrays.copyOf(edges, count * 2);
      }
      edges[count++] = edge;
    }

    BitField toBitField() {
      return count == 0 ? EMPTY : new BitField(Arrays.copyOf(edges, count));
    }
  }

  /** Bits, least significant first. */
  private static final class BitWriter {
    private byte[] bytes = new byte[64];
    private int bit;

    void put(int value, int bits) {
      for (int i = 0; i < bits; i++, bit++) {
        if (bit / 8 == bytes.length) {
          bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        bytes[bit / 8] |= (byte) (((value >> i) & 1) << (bit % 8));
      }
    }

    void putRun(long length) {
      if (length == 1) {
        put(1, 1);
      } else if (length < SHORT_LIMIT) {
        put(0b10, 2);
        put((int) length, SHORT_BITS);
      } else {
        put(0, 2);
        for (byte group : Varint.encode(length)) {
          put(group & 0xff, 8);
        }
      }
    }

    /** The bytes up to the last one that is not zero. */
    byte[] toBytes() {
      int length = (bit + 7) / 8;
      while (length > 0 && bytes[length - 1] == 0) {
        length--;
      }
      return Arrays.copyOf(bytes, length);
    }
  }

  private static final class RlePlusReader {
    private final byte[] bytes;
    private final int endBit;
    private int bit;

    RlePlusReader(byte[] bytes) {
      this.bytes = bytes;
      this.endBit = bytes.length * 8 - (Integer.numberOfLeadingZeros(last(bytes)) - 24);
    }

    private static int last(byte[] bytes) {
      int last = bytes[bytes.length - 1] & 0xff;
      if (last == 0) {
        throw new IllegalArgumentException("RLE+ is not minimally encoded: the last byte is 0");
      }
      return last;
    }

    BitField read() {
      int version = take(2);
      if (version != 0) {
        throw new IllegalArgumentException("RLE+ version " + version + ", only 0 is known");
      }
      boolean member = take(1) == 1;
      EdgeList out = new EdgeList();
      long at = 0;
      while (bit < endBit) {
        long end = at + run();
        if (end < 0) {
          throw new IllegalArgumentException("RLE+ runs over 63 bits before bit " + bit);
        }
        if (member) {
          out.append(at, end);
        }
        member = !member;
        at = end;
      }
      if (out.count == 0 || out.edges[out.count - 1] != at) {
        throw new IllegalArgumentException("RLE+ ends with a run of zeros");
      }
      return out.toBitField();
    }

    private long run() {
      int from = bit;
      if (take(1) == 1) {
        return 1;
      }
      boolean fits = take(1) == 1;
      long length = fits ? take(SHORT_BITS) : varint(from);
      if (fits ? length < 2 : length < SHORT_LIMIT) {
        throw new IllegalArgumentException(
            "RLE+ run at bit " + from + " is not minimally encoded: " + length);
      }
      return length;
    }

    private long varint(int from) {
      byte[] groups = new byte[Varint.MAX_BYTES];
      int count = 0;
      do {
        groups[count] = (byte) take(8);
      } while (groups[count++] < 0 && count < groups.length);
      long length = Varint.get(Arrays.copyOf(groups, count), 0);
      if (length < 0) {
        throw new IllegalArgumentException("RLE+ run at bit " + from + " is over 63 bits");
      }
      return length;
    }

    /** The next bits; behind the end there are zeros. */
    private int take(int bits) {
      int value = 0;
      for (int i = 0; i < bits; i++, bit++) {
        if (bit < bytes.length * 8) {
          value |= ((bytes[bit / 8] >> (bit % 8)) & 1) << i;
        }
      }
      return value;
    }
  }
}
