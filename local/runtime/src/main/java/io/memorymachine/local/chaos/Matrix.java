package io.memorymachine.local.chaos;

import java.util.List;

import io.memorymachine.local.console.Table;

/** The cells by name, as the command line chooses and lists them. */
public final class Matrix {
    private Matrix() {}

    /**
     * The names of cells, in the order in which they run.
     *
     * @param patterns of which one must match; all match where there are none
     * @param reduced only those of the test
     */
    public static List<String> select(List<String> patterns, boolean reduced) {
        return (reduced ? Cell.reduced() : Cell.all())
                .stream()
                        .filter(cell -> patterns.isEmpty() || patterns.stream().anyMatch(cell::matches))
                        .map(Cell::name)
                        .toList();
    }

    /** The lines of a table of what is allowed in cells. */
    public static List<String> describe(List<String> names) {
        Table table = new Table("CELL", "ALLOWED", "WHY");
        for (Cell cell : Cell.all()) {
            if (names.contains(cell.name())) {
                Expectation expectation = Expectation.of(cell);
                table.row(cell.name(), String.join(", ", expectation.outcomes()), expectation.why());
            }
        }
        return table.lines();
    }
}
