package io.selkie.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Left-aligned columns, two blanks apart, every cell padded to its column's width, the last one
 * too. Columns that are empty in all rows are left out (lotus lib/tablewriter).
 */
final class Table {

  private static final String GAP = "  ";

  private final List<String> columns;
  private final List<Row> rows = new ArrayList<>();

  private record Row(Map<String, String> cells, List<String> lines) {}

  Table(String... columns) {
    this.columns = List.of(columns);
  }

  /** Adds a row; a column that is not among the table's is a bug. */
  void add(Map<String, String> cells, List<String> linesBelow) {
    if (!columns.containsAll(cells.keySet())) {
      throw new IllegalArgumentException(
          "columns " + cells.keySet() + " are not all in " + columns);
    }
    rows.add(new Row(Map.copyOf(cells), List.copyOf(linesBelow)));
  }

  void print(PrintWriter out) {
    Map<String, Integer> widths = widths();
    Map<String, String> heads = new LinkedHashMap<>();
    widths.keySet().forEach(column -> heads.put(column, column));
    printRow(out, heads, widths);
    for (Row row : rows) {
      printRow(out, row.cells(), widths);
      row.lines().forEach(out::println);
    }
  }

  private Map<String, Integer> widths() {
    Map<String, Integer> widths = new LinkedHashMap<>();
    for (String column : columns) {
      int widest =
          rows.stream()
              .mapToInt(row -> row.cells().getOrDefault(column, "").length())
              .max()
              .orElse(0);
      if (widest > 0 || rows.isEmpty()) {
        widths.put(column, Math.max(widest, column.length()));
      }
    }
    return widths;
  }

  private static void printRow(
      PrintWriter out, Map<String, String> cells, Map<String, Integer> widths) {
    List<String> padded = new ArrayList<>();
    widths.forEach((column, width) -> {
      String cell = cells.getOrDefault(column, "");
      padded.add(cell + " ".repeat(width - cell.length()));
    });
    out.println(String.join(GAP, padded));
  }
}
