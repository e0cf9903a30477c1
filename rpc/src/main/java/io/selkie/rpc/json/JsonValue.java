package io.selkie.rpc.json;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A JSON value as it was written: numbers keep their literal, objects keep the order of their
 * members and their duplicates.
 *
 * <p>The error texts of the API quote literals and distinguish {@code 9} from {@code 9.0}; a tree
 * of parsed numbers could not.
 */
public sealed interface JsonValue {

  /** {@code null}. */
  record Null() implements JsonValue {
    /** The only one that is needed. */
    public static final Null VALUE = new Null();
  }

  /**
   * {@code true} or {@code false}.
   *
   * @param value which of them
   */
  record Bool(boolean value) implements JsonValue {}

  /**
   * A number.
   *
   * @param literal as written
   */
  record Num(String literal) implements JsonValue {}

  /**
   * A text.
   *
   * @param value without escapes
   */
  record Str(String value) implements JsonValue {}

  /**
   * An array.
   *
   * @param items in order
   */
  record Arr(List<JsonValue> items) implements JsonValue {}

  /**
   * An object.
   *
   * @param members in the order written, duplicates included
   */
  record Obj(List<Member> members) implements JsonValue {

    /** The last member of exactly this name. */
    public Optional<JsonValue> get(String name) {
      for (int i = members.size() - 1; i >= 0; i--) {
        if (members.get(i).name().equals(name)) {
          return Optional.of(members.get(i).value());
        }
      }
      return Optional.empty();
    }
  }

  /**
   * A member of an object.
   *
   * @param name as written
   * @param value its value
   */
  record Member(String name, JsonValue value) {}

  /**
   * JSON that is passed on as it is, where a tree of it would only be taken apart again.
   *
   * @param json one whole value
   */
  record Written(String json) {}

  /** An object made step by step. */
  final class Builder {
    private final List<Member> members = new ArrayList<>();

    /** Adds a member. */
    public Builder put(String name, JsonValue value) {
      members.add(new Member(name, value));
      return this;
    }

    /** Adds a text. */
    public Builder put(String name, String value) {
      return put(name, text(value));
    }

    /** The object with the members added so far. */
    public Obj build() {
      return new Obj(List.copyOf(members));
    }
  }

  /** A number. */
  static JsonValue number(long value) {
    return new Num(Long.toString(value));
  }

  /** A number. */
  static JsonValue number(BigInteger value) {
    return new Num(value.toString());
  }

  /** A text. */
  static JsonValue text(String value) {
    return new Str(value);
  }

  /** The value that a text begins with; empty if it begins with none. */
  static Optional<JsonValue> parse(String text) {
    return new JsonReader(Math.max(1, text.length())).read(text)
            instanceof JsonReader.Outcome.Value(JsonValue value)
        ? Optional.of(value)
        : Optional.empty();
  }

  /** The value as it goes over the wire: compact, with the escapes of the API. */
  default String toJson() {
    return GoJson.toText(this);
  }

  /** An object made step by step. */
  static Builder object() {
    return new Builder();
  }

  /** The kind as error messages spell it: array, object, string, number, bool or null. */
  default String kind() {
    return switch (this) {
      case Null _ -> "null";
      case Bool _ -> "bool";
      case Num _ -> "number";
      case Str _ -> "string";
      case Arr _ -> "array";
      case Obj _ -> "object";
    };
  }
}
