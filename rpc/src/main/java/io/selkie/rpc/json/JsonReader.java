package io.selkie.rpc.json;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads one JSON value from the beginning of a text, as Go's decoder does: what follows the value
 * is not looked at.
 */
public final class JsonReader {

  /**
   * Levels of nesting. No request of the API needs more than a dozen; a reader that follows an
   * attacker down is a stack overflow.
   */
  public static final int MAX_DEPTH = 512;

  /** Digits of a number. The largest of the API has 78 digits (a token amount travels as text). */
  public static final int MAX_NUMBER = 4096;

  private final JsonFactory factory;

  private final long maxValues;

  /**
   * @param maxText the longest text accepted, characters
   */
  public JsonReader(int maxText) {
    this(maxText, Long.MAX_VALUE);
  }

  /**
   * @param maxText the longest text accepted, characters
   * @param maxValues how many values, names and brackets are accepted
   */
  public JsonReader(int maxText, long maxValues) {
    this.maxValues = maxValues;
    this.factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER)
                    .maxTokenCount(maxValues)
                    .maxDocumentLength(-1)
                    .maxStringLength(maxText)
                    .maxNameLength(maxText)
                    .build())
            .build();
  }

  /** The outcome of reading. */
  public sealed interface Outcome {

    /** A value. */
    record Value(JsonValue value) implements Outcome {}

    /** No JSON. */
    record Malformed() implements Outcome {}

    /** JSON that passes a limit. */
    record OverLimit(String message) implements Outcome {}
  }

  public Outcome read(String text) {
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return new Outcome.Malformed();
      }
      return new Outcome.Value(value(parser, first));
    } catch (StreamConstraintsException e) {
      return new Outcome.OverLimit(limitText(e));
    } catch (JacksonException _) {
      return new Outcome.Malformed();
    }
  }

  private String limitText(StreamConstraintsException e) {
    String original = String.valueOf(e.getOriginalMessage());
    if (original.contains("nesting depth")) {
      return "request nested deeper than maximum " + MAX_DEPTH + " allowed";
    }
    return original.contains("Token count")
        ? "request of more values than maximum " + maxValues + " allowed"
        : "request with a number longer than maximum " + MAX_NUMBER + " allowed";
  }

  private static JsonValue value(JsonParser parser, JsonToken token) {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new JsonValue.Str(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonValue.Num(parser.getString());
      case VALUE_TRUE -> new JsonValue.Bool(true);
      case VALUE_FALSE -> new JsonValue.Bool(false);
      case VALUE_NULL -> JsonValue.Null.VALUE;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("unexpected token " + token);
    };
  }

  private static JsonValue array(JsonParser parser) {
    List<JsonValue> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(value(parser, token));
    }
    return new JsonValue.Arr(items);
  }

  private static JsonValue object(JsonParser parser) {
    List<JsonValue.Member> members = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_OBJECT;
        token = parser.nextToken()) {
      String name = parser.currentName();
      members.add(new JsonValue.Member(name, value(parser, parser.nextToken())));
    }
    return new JsonValue.Obj(members);
  }
}
