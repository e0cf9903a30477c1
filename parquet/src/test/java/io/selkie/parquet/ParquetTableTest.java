package io.selkie.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.parquet.ParquetTable.Cell;
import io.selkie.parquet.ParquetTable.Column;
import io.selkie.parquet.ParquetTable.Kind;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was written is what the library's own reader finds. */
final class ParquetTableTest {

  private static final List<Column> COLUMNS =
      List.of(
          new Column("Number", Kind.INTEGER),
          new Column("Name", Kind.TEXT),
          new Column("At", Kind.TIME),
          new Column("Pledge", Kind.AMOUNT),
          new Column("Deals", Kind.INTEGERS),
          new Column("Cids", Kind.TEXTS));

  @TempDir Path directory;

  @Test
  void rows_withEveryKindAndNulls_areReadBackAsWritten() throws IOException {
    Path file = directory.resolve("table.parquet");
    BigInteger huge = BigInteger.TEN.pow(38).subtract(BigInteger.ONE);
    try (ParquetTable table = ParquetTable.create(file, "sectors", COLUMNS)) {
      table.add(
          List.of(
              Optional.of(new Cell.Whole(Long.MAX_VALUE)),
              Optional.of(new Cell.Text("größer, \"7\"\n")),
              Optional.of(new Cell.Time(Instant.parse("2026-03-01T12:00:00.000001Z"))),
              Optional.of(new Cell.Amount(huge)),
              Optional.of(
                  new Cell.Several(List.of(new Cell.Whole(0), new Cell.Whole(Long.MIN_VALUE)))),
              Optional.of(new Cell.Several(List.of()))));
      table.add(COLUMNS.stream().map(_ -> Optional.<Cell>empty()).toList());
      table.add(
          List.of(
              Optional.of(new Cell.Whole(-1)),
              Optional.empty(),
              Optional.of(new Cell.Time(Instant.parse("1969-12-31T23:59:59Z"))),
              Optional.of(new Cell.Amount(huge.negate())),
              Optional.empty(),
              Optional.of(new Cell.Several(List.of(new Cell.Text("a"), new Cell.Text(""))))));
    }
    List<Group> rows = ParquetRows.read(file);
    assertThat(rows).hasSize(3);
    assertThat(rows.getFirst().getLong("Number", 0)).isEqualTo(Long.MAX_VALUE);
    assertThat(rows.getFirst().getString("Name", 0)).isEqualTo("größer, \"7\"\n");
    assertThat(rows.getFirst().getLong("At", 0)).isEqualTo(1_772_366_400_000_001L);
    assertThat(amount(rows.getFirst())).isEqualTo(huge);
    Group deals = rows.getFirst().getGroup("Deals", 0);
    assertThat(deals.getFieldRepetitionCount("list")).isEqualTo(2);
    assertThat(deals.getGroup("list", 1).getLong("element", 0)).isEqualTo(Long.MIN_VALUE);
    assertThat(rows.getFirst().getGroup("Cids", 0).getFieldRepetitionCount("list")).isZero();
    for (Column column : COLUMNS) {
      assertThat(rows.get(1).getFieldRepetitionCount(column.name())).as(column.name()).isZero();
    }
    assertThat(amount(rows.get(2))).isEqualTo(huge.negate());
    assertThat(rows.get(2).getLong("At", 0)).isEqualTo(-1_000_000);
    assertThat(rows.get(2).getGroup("Cids", 0).getGroup("list", 0).getString("element", 0))
        .isEqualTo("a");
  }

  private static BigInteger amount(Group row) {
    return new BigInteger(row.getBinary("Pledge", 0).getBytes());
  }

  @Test
  void rows_byTheHundredThousand_areAllThere() throws IOException {
    Path file = directory.resolve("many.parquet");
    int count = 100_000;
    List<Column> columns = List.of(COLUMNS.get(0), COLUMNS.get(1));
    try (ParquetTable table = ParquetTable.create(file, "sectors", columns)) {
      for (int i = 0; i < count; i++) {
        table.add(
            List.of(
                Optional.of(new Cell.Whole(i)),
                i % 3 == 0 ? Optional.empty() : Optional.of(new Cell.Text("Proving"))));
      }
    }
    List<Group> rows = ParquetRows.read(file);
    assertThat(rows).hasSize(count);
    for (int i = 0; i < count; i++) {
      assertThat(rows.get(i).getLong("Number", 0)).isEqualTo(i);
      assertThat(rows.get(i).getFieldRepetitionCount("Name")).isEqualTo(i % 3 == 0 ? 0 : 1);
    }
  }

  @Test
  void cells_thatDoNotFit_areRefused() throws IOException {
    Path file = directory.resolve("refused.parquet");
    try (ParquetTable table =
        ParquetTable.create(file, "sectors", List.of(new Column("Pledge", Kind.AMOUNT)))) {
      assertThatThrownBy(() -> table.add(List.of())).hasMessage("0 cells for 1 columns");
      assertThatThrownBy(() -> table.add(List.of(Optional.of(new Cell.Whole(1)))))
          .hasMessageContaining("column Pledge of kind AMOUNT got Whole");
      assertThatThrownBy(
              () -> table.add(List.of(Optional.of(new Cell.Amount(BigInteger.TEN.pow(38))))))
          .hasMessageContaining("more than 38 digits");
    }
  }
}
