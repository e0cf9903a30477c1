package io.selkie.rpc.json;

import io.selkie.abi.Address;
import io.selkie.abi.BitField;
import io.selkie.abi.Cid;
import io.selkie.abi.TokenAmount;
import java.io.InputStream;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Derives {@link WireType}s from Java types. Thread-safe. */
public final class WireTypes {

  /** The integer types of the API that have no sign. */
  private static final Set<String> UNSIGNED =
      Set.of(
          "uint",
          "uint64",
          "abi.ActorID",
          "abi.DealID",
          "abi.PaddedPieceSize",
          "abi.SectorNumber",
          "abi.SectorSize",
          "abi.UnpaddedPieceSize",
          "api.Version",
          "network.Version",
          "storiface.PaddedByteIndex",
          "storiface.UnpaddedByteIndex",
          "verifreg.AllocationId");

  private final Map<Class<?>, WireType.Struct> structs = new ConcurrentHashMap<>();

  /** The type of a parameter, a return value or a record component. */
  public WireType of(AnnotatedType type, AnnotatedElement annotations) {
    Wire wire = annotations.getAnnotation(Wire.class);
    return of(type, wire == null ? "" : wire.type());
  }

  /** The type of a record class. */
  public WireType.Struct struct(Class<?> type) {
    WireType.Struct known = structs.get(type);
    if (known != null) {
      return known;
    }
    WireType.Struct derived = deriveStruct(type);
    structs.put(type, derived);
    return derived;
  }

  private WireType of(AnnotatedType annotated, String goName) {
    boolean absent = annotated.isAnnotationPresent(Nullable.class);
    WireType inner = ofPresent(annotated, goName);
    return absent ? new WireType.Absent(inner) : inner;
  }

  private WireType ofPresent(AnnotatedType annotated, String goName) {
    Type type = annotated.getType();
    if (annotated instanceof AnnotatedParameterizedType parameterized) {
      return ofParameterized(parameterized, goName);
    }
    if (!(type instanceof Class<?> plain)) {
      throw new IllegalArgumentException("no wire form for " + type);
    }
    // The values of abi are records too, but each travels as one text or number.
    return plain.isRecord()
            && plain.getEnclosingClass() != JsonValue.class
            && plain.getPackage() != Cid.class.getPackage()
        ? struct(plain)
        : ofClass(plain, goName);
  }

  private WireType ofParameterized(AnnotatedParameterizedType annotated, String goName) {
    Class<?> raw = (Class<?>) ((ParameterizedType) annotated.getType()).getRawType();
    AnnotatedType[] arguments = annotated.getAnnotatedActualTypeArguments();
    if (raw == List.class) {
      String element = goName.startsWith("[]") ? goName.substring(2) : "";
      WireType inner = of(arguments[0], element);
      return new WireType.ListOf(goName.isEmpty() ? "[]" + inner.goName() : goName, inner);
    }
    if (raw == Map.class) {
      int close = goName.indexOf(']');
      WireType value = of(arguments[1], close < 0 ? "" : goName.substring(close + 1));
      Class<?> key = (Class<?>) arguments[0].getType();
      return new WireType.MapOf(
          goName.isEmpty() ? "map[string]" + value.goName() : goName, key, value);
    }
    if (raw == Flow.Publisher.class) {
      return new WireType.Channel(of(arguments[0], ""));
    }
    throw new IllegalArgumentException("no wire form for " + annotated.getType());
  }

  private static WireType ofClass(Class<?> type, String goName) {
    if (type == long.class || type == Long.class) {
      return whole(type, goName.isEmpty() ? "int64" : goName);
    }
    if (type == int.class || type == Integer.class) {
      return whole(type, goName.isEmpty() ? "int" : goName);
    }
    String name = type.getName();
    return switch (name) {
      case "boolean", "java.lang.Boolean" -> new WireType.Truth(or(goName, "bool"));
      case "double", "java.lang.Double" -> new WireType.Real(or(goName, "float64"));
      case "java.lang.String" -> new WireType.Text(or(goName, "string"));
      case "[B" -> new WireType.Bytes(or(goName, "[]uint8"));
      case "void" -> new WireType.Nothing("");
      default -> ofValueClass(type, goName);
    };
  }

  private static WireType ofValueClass(Class<?> type, String goName) {
    if (type == Cid.class) {
      return new WireType.Link(or(goName, "cid.Cid"));
    }
    if (type == Address.class) {
      return new WireType.Addr(or(goName, "address.Address"));
    }
    if (type == TokenAmount.class) {
      return new WireType.Amount(or(goName, "big.Int"));
    }
    if (type == BitField.class) {
      return new WireType.Bits(or(goName, "bitfield.BitField"));
    }
    if (type == Instant.class) {
      return new WireType.Time(or(goName, "time.Time"));
    }
    if (type == Duration.class) {
      return new WireType.Nanos(or(goName, "time.Duration"));
    }
    if (type == UUID.class) {
      return new WireType.Uuid(or(goName, "uuid.UUID"));
    }
    if (type == InputStream.class) {
      return new WireType.Reader(or(goName, "storiface.Data"));
    }
    if (type == JsonValue.class || type == JsonValue.Written.class) {
      return new WireType.Any(or(goName, "interface {}"));
    }
    throw new IllegalArgumentException("no wire form for " + type);
  }

  private static WireType whole(Class<?> type, String goName) {
    return new WireType.Whole(goName, UNSIGNED.contains(goName), type);
  }

  private static String or(String given, String otherwise) {
    return given.isEmpty() ? otherwise : given;
  }

  private WireType.Struct deriveStruct(Class<?> type) {
    if (!type.isRecord()) {
      throw new IllegalArgumentException("no wire form for " + type);
    }
    RecordComponent[] components = type.getRecordComponents();
    List<WireType.Member> members = new ArrayList<>();
    for (RecordComponent component : components) {
      Wire wire = component.getAnnotation(Wire.class);
      String name = wire == null ? "" : wire.name();
      component.getAccessor().setAccessible(true);
      members.add(
          new WireType.Member(
              name.isEmpty() ? capitalised(component.getName()) : name,
              of(component.getAnnotatedType(), component),
              component.getAccessor(),
              wire != null && wire.omitEmpty()));
    }
    try {
      var constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      Wire wire = type.getAnnotation(Wire.class);
      return new WireType.Struct(
          or(wire == null ? "" : wire.type(), type.getSimpleName()), members, constructor);
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException("no canonical constructor in " + type, e);
    }
  }

  public static String capitalised(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
