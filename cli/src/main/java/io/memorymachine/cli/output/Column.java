package io.memorymachine.cli.output;

import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A column of a table.
 *
 * @param wide whether it is shown with {@code -o wide} only
 * @param cell the text for an entry; null and empty texts are shown as {@value #NONE}
 */
public record Column(String heading, boolean wide, Function<JsonNode, String> cell) {
    /** What stands where there is nothing. */
    public static final String NONE = "<none>";

    /** A column that is always shown. */
    public static Column of(String heading, Function<JsonNode, String> cell) {
        return new Column(heading, false, cell);
    }

    /** A column that shows a field as it is. */
    public static Column of(String heading, String field) {
        return of(heading, entry -> entry.path(field).asText(""));
    }

    /** A column for those who want to see more. */
    public static Column wide(String heading, Function<JsonNode, String> cell) {
        return new Column(heading, true, cell);
    }

    String text(JsonNode entry) {
        String text = cell.apply(entry);
        return text == null || text.isEmpty() ? NONE : text;
    }
}
