package io.memorymachine.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@code -o} asks for.
 *
 * @param argument what stands behind the equals sign; empty where the format takes none
 */
public record Format(Type type, String argument) {
    /** The default. */
    public static final Format TABLE = new Format(Type.TABLE, "");

    /**
     * Reads the value of {@code -o}.
     *
     * @throws IllegalArgumentException if there is no such format, or its argument is malformed
     */
    public static Format of(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        String argument = equals < 0 ? "" : text.substring(equals + 1);
        for (Type type : Type.values()) {
            if (type.option.equals(name) && type.takesArgument == !argument.isEmpty()) {
                Format format = new Format(type, argument);
                format.check();
                return format;
            }
        }
        throw new IllegalArgumentException("there is no output format '" + text + "'; there are " + names());
    }

    /** All formats as they are written. */
    static String names() {
        return Arrays.stream(Type.values())
                .map(type -> type.option + (type.takesArgument ? "=..." : ""))
                .collect(Collectors.joining(", "));
    }

    /** Whether it is for people. */
    public boolean isTable() {
        return type == Type.TABLE || type == Type.WIDE;
    }

    /** The columns of {@code custom-columns}. */
    List<Column> customColumns() {
        List<Column> columns = new ArrayList<>();
        for (String column : argument.split(",")) {
            int colon = column.indexOf(':');
            if (colon <= 0 || colon == column.length() - 1) {
                throw new IllegalArgumentException(
                        "'" + column + "' is no column: write HEADING:.path, for example NAME:.name,PHASE:.phase");
            }
            Path path = Path.of(column.substring(colon + 1));
            columns.add(Column.of(
                    column.substring(0, colon),
                    entry -> path.in(entry).stream().map(Path::text).collect(Collectors.joining(","))));
        }
        return columns;
    }

    private void check() {
        if (type == Type.CUSTOM_COLUMNS) {
            customColumns();
        } else if (type == Type.JSONPATH) {
            Template.of(argument);
        }
    }

    /** The formats. */
    public enum Type {
        TABLE("table", false),
        WIDE("wide", false),
        JSON("json", false),
        YAML("yaml", false),
        NAME("name", false),
        JSONPATH("jsonpath", true),
        CUSTOM_COLUMNS("custom-columns", true);

        private final String option;
        private final boolean takesArgument;

        Type(String option, boolean takesArgument) {
            this.option = option;
            this.takesArgument = takesArgument;
        }
    }
}
