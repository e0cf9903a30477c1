package io.selkie.rpc.json;

import io.selkie.abi.Address;
import io.selkie.abi.BitField;
import io.selkie.abi.Cid;
import io.selkie.abi.TokenAmount;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Writes values as their {@link WireType} says, byte for byte as the reference does. */
public final class WireWriter {

  private final Address.Network network;
  private final WireTypes types;

  /**
   * @param network decides the prefix of addresses
   */
  public WireWriter(Address.Network network, WireTypes types) {
    this.network = network;
    this.types = types;
  }

  /** Appends {@code value}; an absent value becomes {@code null}. */
  public void write(StringBuilder out, WireType type, @Nullable Object value) {
    if (value == null) {
      out.append("null");
      return;
    }
    switch (type) {
      case WireType.Absent absent -> write(out, absent.inner(), value);
      case WireType.Whole whole -> whole(out, whole, (Number) value);
      case WireType.Real _ -> out.append(GoJson.number((Double) value));
      case WireType.Struct struct -> struct(out, struct, value);
      case WireType.ListOf list -> list(out, list.element(), (List<?>) value);
      case WireType.MapOf map -> map(out, map, (Map<?, ?>) value);
      case WireType.Truth _,
          WireType.Text _,
          WireType.Bytes _,
          WireType.Amount _,
          WireType.Link _,
          WireType.Addr _,
          WireType.Bits _,
          WireType.Time _,
          WireType.Nanos _,
          WireType.Uuid _,
          WireType.Any _ ->
          plain(out, value);
      case WireType.Nothing _ -> out.append("null");
      case WireType.Reader _, WireType.Channel _ ->
          throw new IllegalArgumentException(type.goName() + " is not written as a value");
    }
  }

  /**
   * Appends a value whose Java class alone says how it is written: the arguments of a call, the
   * data of an error.
   */
  public void plain(StringBuilder out, @Nullable Object value) {
    switch (value) {
      case null -> out.append("null");
      case String text -> GoJson.text(out, text);
      case Boolean bool -> out.append(bool);
      case Double number -> out.append(GoJson.number(number));
      case Number number -> out.append(number);
      case byte[] bytes -> GoJson.text(out, Base64.getEncoder().encodeToString(bytes));
      case TokenAmount amount -> GoJson.text(out, amount.toString());
      case Cid cid -> {
        out.append("{\"/\":");
        GoJson.text(out, cid.toString());
        out.append('}');
      }
      case Address address ->
          GoJson.text(out, address.isEmpty() ? "<empty>" : address.text(network));
      case BitField bits -> runs(out, bits.toRunLengths());
      case Instant instant -> GoJson.text(out, rfc3339(instant));
      case Duration duration -> out.append(duration.toNanos());
      case UUID uuid -> GoJson.text(out, uuid.toString());
      case JsonValue json -> GoJson.value(out, json);
      case JsonValue.Written written -> out.append(written.json());
      case List<?> list -> plainList(out, list);
      case Record struct -> struct(out, types.struct(struct.getClass()), struct);
      default -> throw new IllegalArgumentException("no wire form for " + value.getClass());
    }
  }

  private void plainList(StringBuilder out, List<?> list) {
    out.append('[');
    String separator = "";
    for (Object item : list) {
      out.append(separator);
      plain(out, item);
      separator = ",";
    }
    out.append(']');
  }

  private static void whole(StringBuilder out, WireType.Whole type, Number value) {
    long bits = value.longValue();
    if (!type.unsigned() || bits >= 0) {
      // Without a string of its own: a list of all sectors has millions of these.
      out.append(bits);
    } else if (value instanceof Integer) {
      out.append(bits & 0xffffffffL);
    } else {
      out.append(Long.toUnsignedString(bits));
    }
  }

  private static void runs(StringBuilder out, long[] lengths) {
    out.append('[');
    for (int i = 0; i < lengths.length; i++) {
      out.append(i == 0 ? "" : ",").append(lengths[i]);
    }
    out.append(lengths.length == 0 ? "0]" : "]");
  }

  private void list(StringBuilder out, WireType element, List<?> list) {
    out.append('[');
    String separator = "";
    for (Object item : list) {
      out.append(separator);
      write(out, element, item);
      separator = ",";
    }
    out.append(']');
  }

  private void map(StringBuilder out, WireType.MapOf type, Map<?, ?> map) {
    TreeMap<String, @Nullable Object> sorted = new TreeMap<>(WireWriter::compareBytewise);
    map.forEach((key, value) -> sorted.put(keyText(Objects.requireNonNull(key)), value));
    out.append('{');
    String separator = "";
    for (Map.Entry<String, @Nullable Object> entry : sorted.entrySet()) {
      out.append(separator);
      GoJson.text(out, entry.getKey());
      out.append(':');
      write(out, type.value(), entry.getValue());
      separator = ",";
    }
    out.append('}');
  }

  private static String keyText(Object key) {
    return key instanceof Long number ? Long.toUnsignedString(number) : key.toString();
  }

  /** The order of UTF-8 bytes, which is that of code points. */
  private static int compareBytewise(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    for (int i = 0; i < shorter; i++) {
      if (a.charAt(i) != b.charAt(i)) {
        return Integer.compare(a.codePointAt(i), b.codePointAt(i));
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  private void struct(StringBuilder out, WireType.Struct type, Object value) {
    struct(out, type, value, _ -> true);
  }

  /** As a value of this record, but only the members of these names. */
  void struct(StringBuilder out, Record value, Predicate<String> names) {
    struct(out, types.struct(value.getClass()), value, names);
  }

  private void struct(
      StringBuilder out, WireType.Struct type, Object value, Predicate<String> names) {
    out.append('{');
    String separator = "";
    for (WireType.Member member : type.members()) {
      if (!names.test(member.name())) {
        continue;
      }
      Object part = read(member, value);
      if (member.omitEmpty() && isEmpty(part)) {
        continue;
      }
      out.append(separator);
      GoJson.text(out, member.name());
      out.append(':');
      write(out, member.type(), part);
      separator = ",";
    }
    out.append('}');
  }

  private static boolean isEmpty(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case String text -> text.isEmpty();
      case List<?> list -> list.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      default -> false;
    };
  }

  private static @Nullable Object read(WireType.Member member, Object value) {
    try {
      return member.accessor().invoke(value);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("member " + member.name() + " cannot be read", e);
    }
  }

  /** RFC 3339 with as many digits of the second's fraction as there are. */
  static String rfc3339(Instant instant) {
    String text = instant.toString();
    if (text.indexOf('.') < 0) {
      return text;
    }
    int end = text.length() - 1;
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, end) + "Z";
  }
}
