package io.selkie.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns as Go's text/tabwriter lays them out (minimal width 2, padding 2): a cell is padded to
 * the widest of its column in the lines around it that have this column and another one after it;
 * the last cell of a line is not padded.
 */
final class TabTable {

  private static final int PADDING = 2;

  private final List<List<String>> lines = new ArrayList<>();

  void add(Object... cells) {
    List<String> line = new ArrayList<>();
    for (Object cell : cells) {
      line.add(String.valueOf(cell));
    }
    lines.add(line);
  }

  void print(PrintWriter out) {
    for (int at = 0; at < lines.size(); at++) {
      List<String> cells = lines.get(at);
      StringBuilder text = new StringBuilder();
      for (int column = 0; column < cells.size(); column++) {
        String cell = cells.get(column);
        text.append(cell);
        if (column < cells.size() - 1) {
          text.append(" ".repeat(width(at, column) - Paint.width(cell)));
        }
      }
      out.println(text);
    }
  }

  private int width(int at, int column) {
    int from = at;
    while (from > 0 && lines.get(from - 1).size() > column + 1) {
      from--;
    }
    int widest = 0;
    for (int i = from; i < lines.size() && lines.get(i).size() > column + 1; i++) {
      widest = Math.max(widest, Paint.width(lines.get(i).get(column)));
    }
    return widest + PADDING;
  }
}
