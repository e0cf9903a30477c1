package io.selkie.rpc.json;

import io.selkie.abi.Address;
import io.selkie.abi.BitField;
import io.selkie.abi.Cid;
import io.selkie.abi.TokenAmount;
import java.lang.reflect.InvocationTargetException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads values as their {@link WireType} says, with the leniency and the error texts of Go's
 * decoder: member names match in any case, unknown members are ignored, {@code null} and missing
 * members are the zero value. A CID has no zero value here: where none is marked as allowed to be
 * absent, {@code null} is refused.
 */
public final class WireReader {

  /** Digits of an amount: 10^100 attoFIL is far more than there is. */
  private static final int MAX_AMOUNT_DIGITS = 1000;

  private static final Instant ZERO_TIME = Instant.parse("0001-01-01T00:00:00Z");

  /** A value does not fit its type; the text is what the caller is told. */
  public static final class Mismatch extends Exception {
    private static final long serialVersionUID = 1L;

    public Mismatch(String message) {
      super(message);
    }
  }

  /** Where in a value the reader is: the innermost record, and the path from the outermost. */
  private record Place(String struct, String path) {
    static final Place TOP = new Place("", "");

    Place member(WireType.Struct type, String name) {
      return new Place(type.simpleName(), path.isEmpty() ? name : path + "." + name);
    }
  }

  /**
   * The value of {@code json}.
   *
   * @throws Mismatch with the text the caller is told
   */
  public @Nullable Object read(WireType type, JsonValue json) throws Mismatch {
    return read(type, json, Place.TOP);
  }

  private @Nullable Object read(WireType type, JsonValue json, Place place) throws Mismatch {
    boolean isNull = json instanceof JsonValue.Null;
    return switch (type) {
      case WireType.Absent absent -> isNull ? null : read(absent.inner(), json, place);
      case WireType.Whole whole -> isNull ? zero(whole) : whole(whole, json, place);
      case WireType.Real _ -> isNull ? 0.0 : real(type, json, place);
      case WireType.Truth _ -> isNull ? false : truth(type, json, place);
      case WireType.Text _ -> isNull ? "" : text(type, json, place);
      case WireType.Bytes _ -> isNull ? new byte[0] : bytes(type, json, place);
      case WireType.Amount _ -> amount(json);
      case WireType.Link _ -> link(json);
      case WireType.Addr _ -> isNull ? Address.EMPTY : address(json);
      case WireType.Bits _ -> isNull ? BitField.EMPTY : bits(json);
      case WireType.Time _ -> isNull ? ZERO_TIME : time(type, json, place);
      case WireType.Nanos _ -> isNull ? Duration.ZERO : nanos(type, json, place);
      case WireType.Uuid _ -> isNull ? new UUID(0, 0) : uuid(type, json, place);
      case WireType.Any _ -> json;
      case WireType.Nothing _ -> null;
      case WireType.ListOf list -> isNull ? List.of() : list(list, json, place);
      case WireType.MapOf map -> isNull ? Map.of() : map(map, json, place);
      case WireType.Struct struct -> struct(struct, json, place);
      case WireType.Reader _, WireType.Channel _ -> throw mismatch(json, type, place);
    };
  }

  private static Mismatch mismatch(JsonValue json, WireType type, Place place) {
    return mismatch(json.kind(), type.goName(), place);
  }

  private static Mismatch mismatch(String found, String goName, Place place) {
    String into =
        place.path().isEmpty()
            ? "Go value of type "
            : "Go struct field " + place.struct() + "." + place.path() + " of type ";
    return new Mismatch("json: cannot unmarshal " + found + " into " + into + goName);
  }

  private static Object zero(WireType.Whole type) {
    return type.javaType() == int.class || type.javaType() == Integer.class
        ? (Object) 0
        : (Object) 0L;
  }

  private static Object whole(WireType.Whole type, JsonValue json, Place place) throws Mismatch {
    if (!(json instanceof JsonValue.Num(String literal))) {
      throw mismatch(json, type, place);
    }
    try {
      boolean isInt = type.javaType() == int.class || type.javaType() == Integer.class;
      if (type.unsigned()) {
        if (literal.startsWith("-")) {
          throw new NumberFormatException(literal);
        }
        return isInt ? (Object) Integer.parseUnsignedInt(literal) : Long.parseUnsignedLong(literal);
      }
      return isInt ? (Object) Integer.parseInt(literal) : Long.parseLong(literal);
    } catch (NumberFormatException _) {
      throw mismatch("number " + literal, type.goName(), place);
    }
  }

  private static Object real(WireType type, JsonValue json, Place place) throws Mismatch {
    if (json instanceof JsonValue.Num(String literal)) {
      double value = Double.parseDouble(literal);
      if (Double.isInfinite(value)) {
        throw mismatch("number " + literal, type.goName(), place);
      }
      return value;
    }
    throw mismatch(json, type, place);
  }

  private static Object truth(WireType type, JsonValue json, Place place) throws Mismatch {
    if (json instanceof JsonValue.Bool(boolean value)) {
      return value;
    }
    throw mismatch(json, type, place);
  }

  private static Object text(WireType type, JsonValue json, Place place) throws Mismatch {
    if (json instanceof JsonValue.Str(String value)) {
      return value;
    }
    throw mismatch(json, type, place);
  }

  /** The text inside a value whose Go type decodes itself from a JSON string. */
  private static String ownText(JsonValue json) throws Mismatch {
    return switch (json) {
      case JsonValue.Str(String value) -> value;
      case JsonValue.Null _ -> "";
      default -> throw mismatch(json.kind(), "string", Place.TOP);
    };
  }

  private static Object bytes(WireType type, JsonValue json, Place place) throws Mismatch {
    return switch (json) {
      case JsonValue.Str(String value) -> GoBase64.decode(value);
      case JsonValue.Arr(List<JsonValue> items) -> byteArray(items, place);
      default -> throw mismatch(json, type, place);
    };
  }

  private static byte[] byteArray(List<JsonValue> items, Place place) throws Mismatch {
    byte[] out = new byte[items.size()];
    for (int i = 0; i < out.length; i++) {
      JsonValue item = items.get(i);
      if (item instanceof JsonValue.Null) {
        continue;
      }
      if (!(item instanceof JsonValue.Num(String literal))) {
        throw mismatch(item.kind(), "uint8", place);
      }
      try {
        int value = Integer.parseInt(literal);
        if (value < 0 || value > 255) {
          throw new NumberFormatException(literal);
        }
        out[i] = (byte) value;
      } catch (NumberFormatException _) {
        throw mismatch("number " + literal, "uint8", place);
      }
    }
    return out;
  }

  private static Object amount(JsonValue json) throws Mismatch {
    String digits = ownText(json);
    try {
      if (digits.length() > MAX_AMOUNT_DIGITS) {
        throw new NumberFormatException("over " + MAX_AMOUNT_DIGITS + " digits");
      }
      return new TokenAmount(new BigInteger(digits));
    } catch (NumberFormatException _) {
      throw new Mismatch("failed to parse big string: '" + GoJson.toText(json) + "'");
    }
  }

  private static Object link(JsonValue json) throws Mismatch {
    if (json instanceof JsonValue.Null) {
      throw new Mismatch("invalid cid: null where a CID is needed");
    }
    if (json instanceof JsonValue.Num(String literal) && literal.length() < 2) {
      throw new Mismatch("invalid cid: invalid cid json blob");
    }
    if (!(json instanceof JsonValue.Obj(List<JsonValue.Member> members))) {
      throw new Mismatch(
          "invalid cid: "
              + mismatch(json.kind(), "struct { CidTarget string \"json:\\\"/\\\"\" }", Place.TOP)
                  .getMessage());
    }
    String target = "";
    for (JsonValue.Member member : members) {
      if (member.name().equals("/")) {
        target = linkText(member.value());
      }
    }
    if (target.isEmpty()) {
      throw new Mismatch("invalid cid: cid was incorrectly formatted");
    }
    try {
      return Cid.parse(target);
    } catch (IllegalArgumentException e) {
      throw new Mismatch("invalid cid: " + e.getMessage());
    }
  }

  private static String linkText(JsonValue json) throws Mismatch {
    try {
      return ownText(json);
    } catch (Mismatch e) {
      throw new Mismatch("invalid cid: " + e.getMessage());
    }
  }

  private static Object address(JsonValue json) throws Mismatch {
    try {
      return Address.parse(ownText(json));
    } catch (IllegalArgumentException e) {
      throw new Mismatch(String.valueOf(e.getMessage()));
    }
  }

  private static Object bits(JsonValue json) throws Mismatch {
    if (!(json instanceof JsonValue.Arr(List<JsonValue> items))) {
      throw mismatch(json.kind(), "[]uint64", Place.TOP);
    }
    WireType.Whole run = new WireType.Whole("uint64", true, long.class);
    int length = items.size();
    long[] lengths = new long[length];
    for (int i = 0; i < length; i++) {
      lengths[i] = (Long) whole(run, items.get(i), Place.TOP);
    }
    try {
      return BitField.ofRunLengths(lengths);
    } catch (IllegalArgumentException e) {
      throw new Mismatch(String.valueOf(e.getMessage()));
    }
  }

  private static Object time(WireType type, JsonValue json, Place place) throws Mismatch {
    String value = (String) text(type, json, place);
    try {
      return OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeParseException _) {
      throw new Mismatch("parsing time \"" + value + "\" as \"2006-01-02T15:04:05Z07:00\"");
    }
  }

  private static Object nanos(WireType type, JsonValue json, Place place) throws Mismatch {
    WireType.Whole whole = new WireType.Whole(type.goName(), false, long.class);
    return Duration.ofNanos((Long) whole(whole, json, place));
  }

  private static Object uuid(WireType type, JsonValue json, Place place) throws Mismatch {
    return uuid((String) text(type, json, place));
  }

  /** A UUID with or without hyphens, in braces, or as a URN. */
  public static UUID uuid(String text) throws Mismatch {
    String digits = text;
    if (digits.length() == 45) {
      if (!digits.regionMatches(true, 0, "urn:uuid:", 0, 9)) {
        throw new Mismatch(
            "invalid urn prefix: " + GoJson.toText(JsonValue.text(text.substring(0, 9))));
      }
      digits = digits.substring(9);
    } else if (digits.length() == 38 && digits.startsWith("{") && digits.endsWith("}")) {
      digits = digits.substring(1, 37);
    }
    if (digits.length() == 36) {
      digits = digits.replace("-", "");
      if (digits.length() != 32) {
        throw new Mismatch("invalid UUID format");
      }
    }
    if (digits.length() != 32) {
      throw new Mismatch("invalid UUID length: " + text.length());
    }
    try {
      return new UUID(
          Long.parseUnsignedLong(digits, 0, 16, 16), Long.parseUnsignedLong(digits, 16, 32, 16));
    } catch (NumberFormatException _) {
      throw new Mismatch("invalid UUID format");
    }
  }

  private List<@Nullable Object> list(WireType.ListOf type, JsonValue json, Place place)
      throws Mismatch {
    if (!(json instanceof JsonValue.Arr(List<JsonValue> items))) {
      throw mismatch(json, type, place);
    }
    List<@Nullable Object> out = new ArrayList<>(items.size());
    for (JsonValue item : items) {
      out.add(read(type.element(), item, place));
    }
    return out;
  }

  private Map<Object, @Nullable Object> map(WireType.MapOf type, JsonValue json, Place place)
      throws Mismatch {
    if (!(json instanceof JsonValue.Obj(List<JsonValue.Member> members))) {
      throw mismatch(json, type, place);
    }
    Map<Object, @Nullable Object> out = new LinkedHashMap<>();
    for (JsonValue.Member member : members) {
      out.put(key(type, member.name(), place), read(type.value(), member.value(), place));
    }
    return out;
  }

  private static Object key(WireType.MapOf type, String name, Place place) throws Mismatch {
    if (type.keyType() == String.class) {
      return name;
    }
    if (type.keyType() == UUID.class) {
      return uuid(name);
    }
    try {
      return Long.parseUnsignedLong(name);
    } catch (NumberFormatException _) {
      throw mismatch("number " + name, type.goName(), place);
    }
  }

  private Object struct(WireType.Struct type, JsonValue json, Place place) throws Mismatch {
    List<JsonValue.Member> given =
        switch (json) {
          case JsonValue.Null _ -> List.of();
          case JsonValue.Obj(List<JsonValue.Member> members) -> members;
          default -> throw mismatch(json, type, place);
        };
    List<WireType.Member> members = type.members();
    @Nullable JsonValue[] values = new @Nullable JsonValue[members.size()];
    for (JsonValue.Member each : given) {
      int at = indexOf(members, each.name());
      if (at >= 0) {
        values[at] = each.value();
      }
    }
    @Nullable Object[] arguments = new @Nullable Object[members.size()];
    for (int i = 0; i < arguments.length; i++) {
      WireType.Member member = members.get(i);
      JsonValue value = values[i];
      arguments[i] =
          value == null
              ? missing(member.type())
              : read(member.type(), value, place.member(type, member.name()));
    }
    try {
      return type.constructor().newInstance(arguments);
    } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("record " + type.goName() + " cannot be made", e);
    }
  }

  private @Nullable Object missing(WireType type) throws Mismatch {
    return type instanceof WireType.Amount ? TokenAmount.ZERO : read(type, JsonValue.Null.VALUE);
  }

  /** The member of this name; exactly spelled ones first, as Go prefers them. */
  private static int indexOf(List<WireType.Member> members, String name) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).name().equals(name)) {
        return i;
      }
    }
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).name().equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }
}
