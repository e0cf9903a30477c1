package io.selkie.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/**
 * A table that is written row by row to a Parquet file, without compression. Not thread-safe.
 *
 * <p>Layout: parquet-format, LogicalTypes.md; lists have the three levels that it asks for.
 */
public final class ParquetTable implements Closeable {

  /** What a column holds; every cell may be empty. */
  public enum Kind {
    /** 64 bits with sign. */
    INTEGER,
    /** UTF-8. */
    TEXT,
    /** To the microsecond, UTC. */
    TIME,
    /** A whole number of up to 38 digits. */
    AMOUNT,
    /** A list of {@link #INTEGER}. */
    INTEGERS,
    /** A list of {@link #TEXT}. */
    TEXTS
  }

  /** A column. */
  public record Column(String name, Kind kind) {}

  /** What a cell holds. */
  public sealed interface Cell {

    /** For {@link Kind#INTEGER}. */
    record Whole(long value) implements Cell {}

    /** For {@link Kind#TEXT}. */
    record Text(String value) implements Cell {}

    /** For {@link Kind#TIME}. */
    record Time(Instant value) implements Cell {}

    /** For {@link Kind#AMOUNT}. */
    record Amount(BigInteger value) implements Cell {}

    /** For {@link Kind#INTEGERS} and {@link Kind#TEXTS}. */
    record Several(List<Cell> values) implements Cell {}
  }

  /** Digits of a decimal in 16 bytes. All FIL there will ever be has 28 in attoFIL. */
  private static final int DIGITS = 38;

  private static final int DECIMAL_BYTES = 16;

  private static final String LIST = "list";
  private static final String ELEMENT = "element";

  private final List<Column> columns;
  private final MessageType schema;
  private final ParquetWriter<Group> writer;

  private ParquetTable(List<Column> columns, MessageType schema, ParquetWriter<Group> writer) {
    this.columns = columns;
    this.schema = schema;
    this.writer = writer;
  }

  /**
   * Begins a file that is not there yet.
   *
   * @param name of the table, in the file
   */
  public static ParquetTable create(Path file, String name, List<Column> columns)
      throws IOException {
    MessageType schema = new MessageType(name, columns.stream().map(ParquetTable::type).toList());
    ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .build();
    return new ParquetTable(List.copyOf(columns), schema, writer);
  }

  private static Type type(Column column) {
    return switch (column.kind()) {
      case INTEGER, TEXT, TIME, AMOUNT -> single(column.kind(), Repetition.OPTIONAL, column.name());
      case INTEGERS -> list(column.name(), Kind.INTEGER);
      case TEXTS -> list(column.name(), Kind.TEXT);
    };
  }

  private static Type list(String name, Kind of) {
    return Types.optionalList().element(single(of, Repetition.REQUIRED, ELEMENT)).named(name);
  }

  private static Type single(Kind kind, Repetition repetition, String name) {
    return switch (kind) {
      case INTEGER -> Types.primitive(PrimitiveTypeName.INT64, repetition).named(name);
      case TEXT ->
          Types.primitive(PrimitiveTypeName.BINARY, repetition)
              .as(LogicalTypeAnnotation.stringType())
              .named(name);
      case TIME ->
          Types.primitive(PrimitiveTypeName.INT64, repetition)
              .as(LogicalTypeAnnotation.timestampType(/* isAdjustedToUTC= */ true, TimeUnit.MICROS))
              .named(name);
      case AMOUNT ->
          Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
              .length(DECIMAL_BYTES)
              .as(LogicalTypeAnnotation.decimalType(0, DIGITS))
              .named(name);
      case INTEGERS, TEXTS -> throw new IllegalArgumentException("a list of " + kind);
    };
  }

  /**
   * Writes a row.
   *
   * @param cells one for each column
   * @throws IllegalArgumentException if a cell is not of its column's kind, or too large for it
   */
  public void add(List<Optional<Cell>> cells) throws IOException {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(
          cells.size() + " cells for " + columns.size() + " columns");
    }
    Group row = new SimpleGroup(schema);
    for (int i = 0; i < cells.size(); i++) {
      if (cells.get(i).isPresent()) {
        put(row, columns.get(i), cells.get(i).get());
      }
    }
    writer.write(row);
  }

  private static void put(Group row, Column column, Cell cell) {
    if (cell instanceof Cell.Several(List<Cell> values)) {
      Kind of =
          switch (column.kind()) {
            case INTEGERS -> Kind.INTEGER;
            case TEXTS -> Kind.TEXT;
            case INTEGER, TEXT, TIME, AMOUNT -> throw misfit(column.name(), column.kind(), cell);
          };
      Group list = row.addGroup(column.name());
      for (Cell value : values) {
        put(list.addGroup(LIST), ELEMENT, of, value);
      }
    } else {
      put(row, column.name(), column.kind(), cell);
    }
  }

  private static void put(Group into, String name, Kind kind, Cell cell) {
    switch (cell) {
      case Cell.Whole(long value) when kind == Kind.INTEGER -> into.add(name, value);
      case Cell.Text(String value) when kind == Kind.TEXT -> into.add(name, value);
      case Cell.Time(Instant value) when kind == Kind.TIME ->
          into.add(name, ChronoUnit.MICROS.between(Instant.EPOCH, value));
      case Cell.Amount(BigInteger value) when kind == Kind.AMOUNT ->
          into.add(name, Binary.fromConstantByteArray(decimal(value)));
      default -> throw misfit(name, kind, cell);
    }
  }

  private static IllegalArgumentException misfit(String name, Kind kind, Cell cell) {
    return new IllegalArgumentException("column " + name + " of kind " + kind + " got " + cell);
  }

  /** Two's complement, the highest byte first. */
  private static byte[] decimal(BigInteger value) {
    if (value.abs().toString().length() > DIGITS) {
      throw new IllegalArgumentException(value + " has more than " + DIGITS + " digits");
    }
    byte[] shortest = value.toByteArray();
    byte[] bytes = new byte[DECIMAL_BYTES];
    Arrays.fill(bytes, (byte) (value.signum() < 0 ? -1 : 0));
    System.arraycopy(shortest, 0, bytes, DECIMAL_BYTES - shortest.length, shortest.length);
    return bytes;
  }

  /** Ends the file; without it there is nothing to read. */
  @Override
  public void close() throws IOException {
    writer.close();
  }
}
