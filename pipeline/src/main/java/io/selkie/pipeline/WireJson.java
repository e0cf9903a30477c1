package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DealId;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.TokenAmount;
import io.selkie.abi.UnpaddedPieceSize;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records as the JSON of the reference's API, and back: members in the order of the components,
 * named by {@link Wire} or like the component with a capital first letter; CIDs as {@code
 * {"/":"b…"}}, bytes in base64, amounts as decimal text, what is absent as {@code null}. Text is
 * escaped as Go's encoder does it, so that bytes equal the reference's.
 */
public final class WireJson {

  /** The version of what the journal keeps as JSON beside sectors and their events. */
  static final int STORED_VERSION = 1;

  private static final JsonMapper READER = JsonMapper.builder().build();

  private WireJson() {}

  /** The JSON text of a record, list, map or value of this project. */
  public static String write(Object value) {
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  /**
   * The value of {@code type} that the text describes. Members that are missing take their zero
   * value; members that are unknown are ignored.
   *
   * @throws IllegalArgumentException if the text is no JSON or does not fit the type
   */
  public static <T> T read(String json, Class<T> type) {
    try {
      return type.cast(read(READER.readTree(json), type));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** As {@link #read(String, Class)}, of a text read already. */
  static <T> T read(JsonNode node, Class<T> type) {
    return type.cast(read(node, (Type) type));
  }

  static JsonNode parse(String json) {
    try {
      return READER.readTree(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** The value as Go's {@code %+v} prints it, near enough for a log line. */
  static String goText(Object value) {
    StringBuilder out = new StringBuilder();
    appendGoText(out, parse(write(value)));
    return out.toString();
  }

  private static void append(StringBuilder out, Object value) {
    switch (value) {
      case Optional<?> optional ->
          optional.ifPresentOrElse(inner -> append(out, inner), () -> out.append("null"));
      case String text -> appendText(out, text);
      case Boolean flag -> out.append((boolean) flag);
      case Number number -> out.append(number);
      case OpaqueBytes bytes -> appendBytes(out, bytes.bytes());
      case Randomness random -> appendBytes(out, random.bytes());
      case Commitment commitment -> append(out, Cid.ofUnsealed(commitment));
      case Cid cid -> out.append("{\"/\":\"").append(cid).append("\"}");
      case TokenAmount amount -> out.append('"').append(amount).append('"');
      case RegisteredSealProof proof -> out.append(proof.number());
      case ChainEpoch epoch -> out.append(epoch.value());
      case SectorNumber number -> out.append(number.value());
      case ActorId id -> out.append(id.value());
      case DealId id -> out.append(id.value());
      case PaddedPieceSize size -> out.append(size.bytes());
      case UnpaddedPieceSize size -> out.append(size.bytes());
      case PieceInfo piece -> {
        out.append("{\"Size\":").append(piece.size().bytes()).append(",\"PieceCID\":");
        append(out, Cid.ofUnsealed(piece.commP()));
        out.append('}');
      }
      case Collection<?> list -> appendList(out, list);
      case Map<?, ?> map -> appendMap(out, map);
      case Record entry -> appendRecord(out, entry);
      default -> throw new IllegalArgumentException("no JSON for a " + value.getClass().getName());
    }
  }

  private static void appendList(StringBuilder out, Collection<?> list) {
    out.append('[');
    String between = "";
    for (Object element : list) {
      out.append(between);
      append(out, element);
      between = ",";
    }
    out.append(']');
  }

  private static void appendMap(StringBuilder out, Map<?, ?> map) {
    SortedMap<String, Object> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
    out.append('{');
    String between = "";
    for (Map.Entry<String, Object> entry : sorted.entrySet()) {
      out.append(between);
      appendText(out, entry.getKey());
      out.append(':');
      append(out, entry.getValue());
      between = ",";
    }
    out.append('}');
  }

  private static void appendRecord(StringBuilder out, Record entry) {
    out.append('{');
    String between = "";
    for (RecordShape.Part part : RecordShape.of(entry.getClass()).parts()) {
      if (!part.hidden()) {
        out.append(between);
        appendText(out, part.name());
        out.append(':');
        append(out, part.of(entry));
        between = ",";
      }
    }
    out.append('}');
  }

  private static void appendBytes(StringBuilder out, byte[] bytes) {
    out.append('"').append(Base64.getEncoder().encodeToString(bytes)).append('"');
  }

  private static void appendText(StringBuilder out, String text) {
    out.append('"');
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        continue;
      }
      out.append(text, from, i);
      from = i + 1;
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '<', '>', '&', '\u2028', '\u2029' -> appendEscape(out, c);
        default -> {
          if (c < ' ') {
            appendEscape(out, c);
          } else {
            out.append(c);
          }
        }
      }
    }
    if (from == 0) {
      out.append(text);
    } else {
      out.append(text, from, text.length());
    }
    out.append('"');
  }

  /** Whether it stands for itself; runs of such characters are taken over whole. */
  private static boolean isPlain(char c) {
    return c >= ' ' && c < 0x80 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
  }

  private static void appendEscape(StringBuilder out, char c) {
    out.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
  }

  private static void appendGoText(StringBuilder out, JsonNode node) {
    if (node.isNull()) {
      out.append("<nil>");
    } else if (node.isArray()) {
      out.append('[');
      for (int i = 0; i < node.size(); i++) {
        out.append(i == 0 ? "" : " ");
        appendGoText(out, node.get(i));
      }
      out.append(']');
    } else if (node.isObject() && node.has("/")) {
      out.append(node.get("/").asString());
    } else if (node.isObject()) {
      out.append('{');
      String between = "";
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        out.append(between).append(entry.getKey()).append(':');
        appendGoText(out, entry.getValue());
        between = " ";
      }
      out.append('}');
    } else {
      out.append(node.asString());
    }
  }

  private static Object read(JsonNode node, Type type) {
    boolean absent = node.isMissingNode() || node.isNull();
    if (type instanceof ParameterizedType generic) {
      return readGeneric(node, generic, absent);
    }
    Class<?> plain = (Class<?>) type;
    if (plain == String.class) {
      return absent ? "" : node.asString();
    } else if (plain == boolean.class) {
      return !absent && node.asBoolean();
    } else if (plain == long.class) {
      return absent ? 0L : node.asLong();
    } else if (plain == int.class) {
      return absent ? 0 : node.asInt();
    } else if (plain == Integer.class) {
      return absent ? Integer.valueOf(0) : Integer.valueOf(node.asInt());
    } else if (plain == ChainEpoch.class) {
      return new ChainEpoch(absent ? 0 : node.asLong());
    } else if (plain == DealId.class) {
      return new DealId(absent ? 0 : node.asLong());
    } else if (plain == TokenAmount.class) {
      return absent ? TokenAmount.ZERO : new TokenAmount(new BigInteger(node.asString()));
    }
    if (absent) {
      throw new IllegalArgumentException("a " + plain.getSimpleName() + " is missing");
    }
    return readValue(node, plain);
  }

  private static Object readValue(JsonNode node, Class<?> type) {
    if (type == SectorNumber.class) {
      return new SectorNumber(node.asLong());
    } else if (type == ActorId.class) {
      return new ActorId(node.asLong());
    } else if (type == PaddedPieceSize.class) {
      return new PaddedPieceSize(node.asLong());
    } else if (type == RegisteredSealProof.class) {
      return RegisteredSealProof.ofNumber(node.asLong());
    } else if (type == OpaqueBytes.class) {
      return OpaqueBytes.of(Base64.getDecoder().decode(node.asString()));
    } else if (type == Randomness.class) {
      return new Randomness(Base64.getDecoder().decode(node.asString()));
    } else if (type == Cid.class) {
      return Cid.parse(node.path("/").asString());
    } else if (type == PieceInfo.class) {
      Cid cid = Cid.parse(node.path("PieceCID").path("/").asString());
      return new PieceInfo(
          new PaddedPieceSize(node.path("Size").asLong()),
          cid.commitment()
              .orElseThrow(() -> new IllegalArgumentException(cid + " is no piece's CID")));
    } else if (type.isRecord()) {
      return readRecord(node, type);
    }
    throw new IllegalArgumentException("no JSON for a " + type.getName());
  }

  private static Object readGeneric(JsonNode node, ParameterizedType type, boolean absent) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == Optional.class) {
      return absent ? Optional.empty() : Optional.of(read(node, arguments[0]));
    }
    if (type.getRawType() == List.class) {
      List<Object> list = new ArrayList<>();
      node.forEach(element -> list.add(read(element, arguments[0])));
      return List.copyOf(list);
    }
    if (type.getRawType() == SortedMap.class) {
      SortedMap<Object, Object> map = new TreeMap<>();
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        Object key =
            arguments[0] == Integer.class ? Integer.valueOf(entry.getKey()) : entry.getKey();
        map.put(key, read(entry.getValue(), arguments[1]));
      }
      return map;
    }
    throw new IllegalArgumentException("no JSON for a " + type);
  }

  private static Object readRecord(JsonNode node, Class<?> type) {
    RecordShape shape = RecordShape.of(type);
    Object[] values = new Object[shape.parts().size()];
    for (int i = 0; i < values.length; i++) {
      RecordShape.Part part = shape.parts().get(i);
      try {
        values[i] = read(node.path(part.name()), part.type());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            type.getSimpleName() + "." + part.name() + ": " + e.getMessage(), e);
      }
    }
    return shape.make(values);
  }
}
