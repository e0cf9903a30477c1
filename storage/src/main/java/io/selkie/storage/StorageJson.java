package io.selkie.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Strict reading and the reference's layout for the two small JSON files of this module. */
final class StorageJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StorageJson() {}

  static ObjectNode newObject() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Reads an object. Members that we do not know are kept: they may be another program's. */
  static ObjectNode readObject(Path file, long limitBytes) throws IOException {
    byte[] bytes = DurableFiles.readSmall(file, limitBytes);
    try {
      return requireObject(file, MAPPER.readTree(bytes));
    } catch (JacksonException e) {
      throw new IOException(file + " is damaged: " + e.getOriginalMessage(), e);
    }
  }

  static ObjectNode requireObject(Path file, JsonNode node) throws IOException {
    if (!(node instanceof ObjectNode object)) {
      throw new IOException(file + " is damaged: no JSON object");
    }
    return object;
  }

  static String text(Path file, ObjectNode json, String member) throws IOException {
    JsonNode value = json.get(member);
    if (value == null || !value.isString()) {
      throw wrong(file, member, "a string", value);
    }
    return value.stringValue();
  }

  /** A whole number; an absent one is 0. */
  static long number(Path file, ObjectNode json, String member) throws IOException {
    JsonNode value = json.get(member);
    if (value == null) {
      return 0;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(file, member, "a whole number of at most 63 bits", value);
    }
    return value.longValue();
  }

  /** True or false; an absent one is false. */
  static boolean bool(Path file, ObjectNode json, String member) throws IOException {
    JsonNode value = json.get(member);
    if (value == null) {
      return false;
    }
    if (!value.isBoolean()) {
      throw wrong(file, member, "true or false", value);
    }
    return value.booleanValue();
  }

  /** A list of strings; null and absent are empty. */
  static List<String> texts(Path file, ObjectNode json, String member) throws IOException {
    JsonNode value = json.get(member);
    if (value == null || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong(file, member, "a list of strings", value);
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : value) {
      if (!element.isString()) {
        throw wrong(file, member, "a list of strings", value);
      }
      texts.add(element.stringValue());
    }
    return texts;
  }

  /** A list of strings; the empty one is null, as the reference writes it. */
  static JsonNode list(List<String> values) {
    if (values.isEmpty()) {
      return JsonNodeFactory.instance.nullNode();
    }
    var array = JsonNodeFactory.instance.arrayNode();
    values.forEach(array::add);
    return array;
  }

  /** The layout of Go's {@code json.MarshalIndent(value, "", " ")}. */
  static byte[] pretty(JsonNode json) {
    StringBuilder out = new StringBuilder();
    append(out, json, "");
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void append(StringBuilder out, JsonNode node, String indent) {
    String inner = indent + "  ";
    String separator = "\n";
    if (node.isObject() && !node.isEmpty()) {
      out.append('{');
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        out.append(separator).append(inner);
        out.append(JsonNodeFactory.instance.stringNode(member.getKey())).append(": ");
        append(out, member.getValue(), inner);
        separator = ",\n";
      }
      out.append('\n').append(indent).append('}');
    } else if (node.isArray() && !node.isEmpty()) {
      out.append('[');
      for (JsonNode element : node) {
        out.append(separator).append(inner);
        append(out, element, inner);
        separator = ",\n";
      }
      out.append('\n').append(indent).append(']');
    } else {
      out.append(node);
    }
  }

  private static IOException wrong(
      Path file, String member, String expected, @Nullable JsonNode found) {
    return new IOException(
        file
            + ": member '"
            + member
            + "' is "
            + (found == null ? "absent" : found)
            + ", expected "
            + expected);
  }
}
