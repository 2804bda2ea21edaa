package io.memorymachine.cli.output;

import java.util.List;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A kind of things that are listed.
 *
 * @param name in the singular, as {@code -o name} puts it in front
 * @param id what tells one entry from the others
 */
public record Kind(String name, Function<JsonNode, String> id, List<Column> columns) {
    /** Copies the columns. */
    public Kind {
        columns = List.copyOf(columns);
    }
}
