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
    this(List.of(columns));
  }

  Table(List<String> columns) {
    this.columns = List.copyOf(columns);
  }

  /** Adds a row; a column that is not among the table's is a bug. */
  void add(Map<String, String> cells, List<String> linesBelow) {
    if (!columns.containsAll(cells.keySet())) {
      throw new IllegalArgumentException(
          "columns " + cells.keySet() + " are not all in " + columns);
    }
    rows.add(new Row(Map.copyOf(cells), List.copyOf(linesBelow)));
  }

  /** Adds a row, its cells in the order of the columns. */
  void add(String... cells) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < cells.length; i++) {
      row.put(columns.get(i), cells[i]);
    }
    add(row, List.of());
  }

  void print(PrintWriter out) {
    print(out, widths());
  }

  /**
   * Prints what was added so far and goes on printing row by row.
   *
   * @param expected every column that a later row may fill, with the width it is given at least; a
   *     longer cell pushes the rest of its row to the right
   */
  Open open(PrintWriter out, Map<String, Integer> expected) {
    Map<String, Integer> known = widths();
    Map<String, Integer> widths = new LinkedHashMap<>();
    for (String column : columns) {
      int width = Math.max(known.getOrDefault(column, 0), expected.getOrDefault(column, 0));
      if (width > 0) {
        widths.put(column, Math.max(width, column.length()));
      }
    }
    print(out, widths);
    return new Open(out, widths);
  }

  /** A table whose head is printed and whose rows follow as they come. */
  static final class Open {

    private final PrintWriter out;
    private final LinkedHashMap<String, Integer> widths;

    private Open(PrintWriter out, Map<String, Integer> widths) {
      this.out = out;
      this.widths = new LinkedHashMap<>(widths);
    }

    void add(Map<String, String> cells, List<String> linesBelow) {
      printRow(out, cells, widths);
      linesBelow.forEach(out::println);
    }
  }

  private void print(PrintWriter out, Map<String, Integer> widths) {
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
              .mapToInt(row -> Paint.width(row.cells().getOrDefault(column, "")))
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
      padded.add(cell + " ".repeat(Math.max(0, width - Paint.width(cell))));
    });
    out.println(String.join(GAP, padded));
  }
}
