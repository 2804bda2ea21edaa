package io.memorymachine.local.console;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings as a table of Markdown. */
public final class MarkdownTable {
    private final int columns;
    private final List<String> lines = new ArrayList<>();

    /** A table without rows. */
    public MarkdownTable(String... headings) {
        this.columns = headings.length;
        add(List.of(headings));
        lines.add("|" + " --- |".repeat(columns));
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if it has not one cell for each heading
     */
    public MarkdownTable row(Object... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException(cells.length + " cells under " + columns + " headings");
        }
        List<String> texts = new ArrayList<>();
        for (Object cell : cells) {
            texts.add(cell == null ? "" : cell.toString());
        }
        add(texts);
        return this;
    }

    /** The lines. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** What would end a cell or the row is written so that it does not. */
    private void add(List<String> cells) {
        StringBuilder line = new StringBuilder("|");
        for (String cell : cells) {
            line.append(' ')
                    .append(cell.replace("|", "\\|").replaceAll("\\s+", " "))
                    .append(" |");
        }
        lines.add(line.toString());
    }
}
