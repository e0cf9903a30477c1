package io.selkie.cli;

import io.selkie.parquet.ParquetTable;
import io.selkie.parquet.ParquetTable.Cell;
import io.selkie.parquet.ParquetTable.Column;
import io.selkie.parquet.ParquetTable.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Rows of a query as a Parquet file. Loaded only when one is asked for. */
final class ParquetRows implements Closeable {

  private final List<Column> columns;
  private final ParquetTable table;

  private ParquetRows(List<Column> columns, ParquetTable table) {
    this.columns = columns;
    this.table = table;
  }

  static ParquetRows create(Path file, List<String> names) throws IOException {
    List<Column> columns = names.stream().map(name -> new Column(name, kind(name))).toList();
    return new ParquetRows(columns, ParquetTable.create(file, "sectors", columns));
  }

  /** The types of {@code Selkie.SectorsQuery}'s rows. */
  private static Kind kind(String name) {
    return switch (name) {
      case "SectorID", "SealProof", "PieceCount", "Activation", "Expiration" -> Kind.INTEGER;
      case "EnteredAt" -> Kind.TIME;
      case "InitialPledge" -> Kind.AMOUNT;
      case "Deals" -> Kind.INTEGERS;
      case "PieceCIDs", "Paths" -> Kind.TEXTS;
      default -> Kind.TEXT;
    };
  }

  void add(JsonNode row) throws IOException {
    table.add(
        columns.stream().map(column -> cell(column.kind(), row.path(column.name()))).toList());
  }

  private static Optional<Cell> cell(Kind kind, JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (kind) {
          case INTEGER -> new Cell.Whole(value.longValue());
          case TEXT -> new Cell.Text(value.asString());
          case TIME -> new Cell.Time(Instant.parse(value.asString()));
          case AMOUNT -> new Cell.Amount(new BigInteger(value.asString()));
          case INTEGERS ->
              new Cell.Several(
                  value.valueStream().<Cell>map(each -> new Cell.Whole(each.longValue())).toList());
          case TEXTS ->
              new Cell.Several(
                  value.valueStream().<Cell>map(each -> new Cell.Text(each.asString())).toList());
        });
  }

  @Override
  public void close() throws IOException {
    table.close();
  }
}
