package io.memorymachine.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns that are as wide as their widest cell so far, three spaces apart, as kubectl prints them. */
final class Table {
    private static final String GAP = "   ";

    private final List<Integer> widths = new ArrayList<>();

    /** The rows as lines without spaces at their ends. */
    List<String> lines(List<List<String>> rows) {
        rows.forEach(this::widen);
        return rows.stream().map(this::line).toList();
    }

    private void widen(List<String> row) {
        for (int column = 0; column < row.size(); column++) {
            int width = row.get(column).length();
            if (column == widths.size()) {
                widths.add(width);
            } else {
                widths.set(column, Math.max(widths.get(column), width));
            }
        }
    }

    private String line(List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String cell = row.get(column);
            line.append(column == 0 ? "" : GAP).append(cell).append(" ".repeat(widths.get(column) - cell.length()));
        }
        return line.toString().stripTrailing();
    }
}
