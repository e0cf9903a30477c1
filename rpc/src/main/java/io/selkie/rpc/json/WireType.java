package io.selkie.rpc.json;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.List;

/**
 * What a value looks like on the wire, derived once from a Java type and its {@link Wire}
 * annotations. The reader, the writer and the API document all walk this description.
 */
public sealed interface WireType {

  /** The type's name as error messages spell it. */
  String goName();

  /** A number of 64 bits; a Java {@code long} or {@code int}. */
  record Whole(String goName, boolean unsigned, Class<?> javaType) implements WireType {}

  /** A double. */
  record Real(String goName) implements WireType {}

  /** {@code true} or {@code false}. */
  record Truth(String goName) implements WireType {}

  /** A text. */
  record Text(String goName) implements WireType {}

  /** Bytes, as base64. */
  record Bytes(String goName) implements WireType {}

  /** An amount, as a decimal text. */
  record Amount(String goName) implements WireType {}

  /** A CID, as <code>{"/": text}</code>. */
  record Link(String goName) implements WireType {}

  /** An address, as text. */
  record Addr(String goName) implements WireType {}

  /** A bit field, as run lengths. */
  record Bits(String goName) implements WireType {}

  /** A point in time, as RFC 3339. */
  record Time(String goName) implements WireType {}

  /** A duration, as nanoseconds. */
  record Nanos(String goName) implements WireType {}

  /** A UUID, as text. */
  record Uuid(String goName) implements WireType {}

  /** Any JSON. */
  record Any(String goName) implements WireType {}

  /** A stream of bytes that travels beside the call. */
  record Reader(String goName) implements WireType {}

  /** No value. */
  record Nothing(String goName) implements WireType {}

  /** A list. */
  record ListOf(String goName, WireType element) implements WireType {}

  /** A map; the keys are sorted as text when written. */
  record MapOf(String goName, Class<?> keyType, WireType value) implements WireType {}

  /** A record. */
  record Struct(String goName, List<Member> members, Constructor<?> constructor)
      implements WireType {

    /** The name without its package. */
    String simpleName() {
      return goName.substring(goName.lastIndexOf('.') + 1);
    }
  }

  /** A value that may be absent. */
  record Absent(WireType inner) implements WireType {
    @Override
    public String goName() {
      return switch (inner) {
        case ListOf _, MapOf _, Bytes _ -> inner.goName();
        default -> "*" + inner.goName();
      };
    }
  }

  /** Values that follow one after the other. */
  record Channel(WireType element) implements WireType {
    @Override
    public String goName() {
      return "<-chan " + element.goName();
    }
  }

  /** A member of a record. */
  record Member(String name, WireType type, Method accessor, boolean omitEmpty) {}
}
