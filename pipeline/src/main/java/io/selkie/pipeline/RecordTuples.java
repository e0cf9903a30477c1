package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DagCborReader;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.DealId;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.TokenAmount;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Records as DAG-CBOR tuples, the form of everything on the chain itself: a record is the array of
 * its components in their order, hidden ones included; what is absent is null; CIDs are links,
 * bytes are bytes, a map is an array of keys and values in turn.
 *
 * <p>There are no names in it, so components are only ever added, at the end of their record. A
 * reader gives what is missing there its zero value and reads over what it does not know.
 */
final class RecordTuples {

  /**
   * How values of one type are written and read.
   *
   * @param zero what a missing one counts as; null if it may not be missing
   */
  private record Form(
      BiConsumer<DagCborWriter, Object> writer,
      Function<DagCborReader, Object> reader,
      @Nullable Object zero) {

    private static <T> Form of(
        Class<T> type,
        BiConsumer<DagCborWriter, T> writer,
        Function<DagCborReader, T> reader,
        @Nullable T zero) {
      return new Form((out, value) -> writer.accept(out, type.cast(value)), reader::apply, zero);
    }

    private static <T> Form number(
        Class<T> type, ToLongFunction<T> number, LongFunction<T> of, @Nullable T zero) {
      return of(
          type,
          (out, value) -> out.integer(number.applyAsLong(value)),
          in -> of.apply(in.integer()),
          zero);
    }

    private static <T> Form bytes(
        Class<T> type, Function<T, byte[]> bytes, Function<byte[], T> of) {
      return of(
          type,
          (out, value) -> out.bytes(bytes.apply(value)),
          in -> of.apply(in.bytes(Integer.MAX_VALUE)),
          null);
    }

    void write(DagCborWriter out, Object value) {
      writer.accept(out, value);
    }

    Object read(DagCborReader in) {
      return reader.apply(in);
    }
  }

  private static final Form INT =
      Form.number(Integer.class, Integer::longValue, Math::toIntExact, 0);

  private static final Map<Class<?>, Form> VALUES =
      Map.ofEntries(
          Map.entry(
              String.class,
              Form.of(String.class, DagCborWriter::text, in -> in.text(Integer.MAX_VALUE), "")),
          Map.entry(
              boolean.class,
              Form.of(Boolean.class, DagCborWriter::bool, DagCborReader::bool, false)),
          Map.entry(int.class, INT),
          Map.entry(Integer.class, INT),
          Map.entry(long.class, Form.number(Long.class, Long::longValue, Long::valueOf, 0L)),
          Map.entry(
              ChainEpoch.class,
              Form.number(ChainEpoch.class, ChainEpoch::value, ChainEpoch::new, ChainEpoch.ZERO)),
          Map.entry(
              DealId.class, Form.number(DealId.class, DealId::value, DealId::new, new DealId(0))),
          Map.entry(
              SectorNumber.class,
              Form.number(SectorNumber.class, SectorNumber::value, SectorNumber::new, null)),
          Map.entry(ActorId.class, Form.number(ActorId.class, ActorId::value, ActorId::new, null)),
          Map.entry(
              PaddedPieceSize.class,
              Form.number(
                  PaddedPieceSize.class, PaddedPieceSize::bytes, PaddedPieceSize::new, null)),
          Map.entry(
              RegisteredSealProof.class,
              Form.number(
                  RegisteredSealProof.class,
                  RegisteredSealProof::number,
                  RegisteredSealProof::ofNumber,
                  null)),
          Map.entry(
              TokenAmount.class,
              Form.of(
                  TokenAmount.class,
                  DagCborWriter::amount,
                  DagCborReader::amount,
                  TokenAmount.ZERO)),
          Map.entry(Cid.class, Form.of(Cid.class, DagCborWriter::cid, DagCborReader::cid, null)),
          Map.entry(
              OpaqueBytes.class,
              Form.bytes(OpaqueBytes.class, OpaqueBytes::bytes, OpaqueBytes::of)),
          Map.entry(
              Randomness.class, Form.bytes(Randomness.class, Randomness::bytes, Randomness::new)),
          Map.entry(
              Commitment.class, Form.bytes(Commitment.class, Commitment::bytes, Commitment::new)));

  /** The forms of a record's components; those of the record itself may be among them. */
  private record Tuple(RecordShape shape, List<Form> forms) {}

  private static final ClassValue<Tuple> TUPLES =
      new ClassValue<>() {
        @Override
        protected Tuple computeValue(Class<?> type) {
          RecordShape shape = RecordShape.of(type);
          return new Tuple(shape, shape.parts().stream().map(p -> form(p.type())).toList());
        }
      };

  private RecordTuples() {}

  /** Writes the tuple of a record. */
  static void write(DagCborWriter out, Record entry) {
    Tuple tuple = TUPLES.get(entry.getClass());
    List<RecordShape.Part> parts = tuple.shape().parts();
    out.array(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      tuple.forms().get(i).write(out, parts.get(i).of(entry));
    }
  }

  /**
   * Reads a tuple.
   *
   * @throws IllegalArgumentException saying which component is wrong
   */
  static <T extends Record> T read(DagCborReader in, Class<T> type) {
    return type.cast(readTuple(in, type));
  }

  private static Object readTuple(DagCborReader in, Class<?> type) {
    Tuple tuple = TUPLES.get(type);
    List<RecordShape.Part> parts = tuple.shape().parts();
    int stored = in.array(Integer.MAX_VALUE);
    Object[] values = new Object[parts.size()];
    for (int i = 0; i < values.length; i++) {
      Form form = tuple.forms().get(i);
      try {
        values[i] = i < stored ? form.read(in) : zero(form);
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new IllegalArgumentException(
            type.getSimpleName() + "." + parts.get(i).name() + ": " + e.getMessage(), e);
      }
    }
    for (int i = values.length; i < stored; i++) {
      in.skip();
    }
    return tuple.shape().make(values);
  }

  private static Object zero(Form form) {
    if (form.zero() == null) {
      throw new IllegalArgumentException("missing");
    }
    return form.zero();
  }

  private static Form form(Type type) {
    if (type instanceof ParameterizedType generic) {
      return genericForm(generic);
    }
    Class<?> plain = (Class<?>) type;
    Form value = VALUES.get(plain);
    if (value != null) {
      return value;
    }
    if (!plain.isRecord()) {
      throw new IllegalArgumentException("no stored form for a " + type);
    }
    return new Form((out, entry) -> write(out, (Record) entry), in -> readTuple(in, plain), null);
  }

  private static Form genericForm(ParameterizedType type) {
    Type[] arguments = type.getActualTypeArguments();
    Form last = form(arguments[arguments.length - 1]);
    if (type.getRawType() == Optional.class) {
      return new Form(
          (out, value) ->
              ((Optional<?>) value)
                  .ifPresentOrElse(inner -> last.write(out, inner), () -> out.nul()),
          in -> in.nul() ? Optional.empty() : Optional.of(last.read(in)),
          Optional.empty());
    } else if (type.getRawType() == List.class) {
      return new Form(
          (out, value) -> {
            Collection<?> list = (Collection<?>) value;
            out.array(list.size());
            list.forEach(element -> last.write(out, element));
          },
          in -> readList(in, last),
          List.of());
    } else if (type.getRawType() == SortedMap.class) {
      Form key = form(arguments[0]);
      return new Form(
          (out, value) -> {
            SortedMap<?, ?> map = (SortedMap<?, ?>) value;
            out.array(2 * map.size());
            map.forEach((k, v) -> {
              key.write(out, k);
              last.write(out, v);
            });
          },
          in -> readMap(in, key, last),
          new TreeMap<>());
    }
    throw new IllegalArgumentException("no stored form for a " + type);
  }

  private static List<Object> readList(DagCborReader in, Form element) {
    int count = in.array(Integer.MAX_VALUE);
    List<Object> list = new ArrayList<>(Math.min(count, 64));
    for (int i = 0; i < count; i++) {
      list.add(element.read(in));
    }
    return List.copyOf(list);
  }

  private static SortedMap<Object, Object> readMap(DagCborReader in, Form key, Form value) {
    int count = in.array(Integer.MAX_VALUE);
    SortedMap<Object, Object> map = new TreeMap<>();
    for (int i = 0; i < count; i += 2) {
      map.put(key.read(in), value.read(in));
    }
    return map;
  }
}
