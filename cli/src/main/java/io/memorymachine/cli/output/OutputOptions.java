package io.memorymachine.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import io.memorymachine.client.Json;

/** How a command prints what it was asked for. */
public final class OutputOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            converter = FormatConverter.class,
            completionCandidates = FormatNames.class,
            description = "table, wide, json, yaml, name, jsonpath=TEMPLATE or custom-columns=HEADING:PATH,...")
    private Format format = Format.TABLE;

    @Option(names = "--no-headers", description = "Leave the headings of the table out.")
    private boolean noHeaders;

    @Option(
            names = "--sort-by",
            paramLabel = "PATH",
            converter = PathConverter.class,
            description = "Sort by a field, for example .requestedAt")
    private Path sortBy;

    /** The format that was asked for. */
    public Format format() {
        return format;
    }

    /** Prints a list. */
    public void list(PrintWriter out, Kind kind, List<JsonNode> entries) {
        List<JsonNode> sorted = sorted(entries);
        if (format.isTable() || format.type() == Format.Type.CUSTOM_COLUMNS) {
            rows(out, kind, sorted, new Table(), !noHeaders);
        } else if (format.type() == Format.Type.NAME) {
            sorted.forEach(entry -> out.println(name(kind, entry)));
        } else {
            ObjectNode list = Json.object();
            list.putArray("items").addAll(sorted);
            document(out, list);
        }
        out.flush();
    }

    /** Prints one thing; tables have one row. */
    public void one(PrintWriter out, Kind kind, JsonNode entry) {
        if (format.type() == Format.Type.JSON
                || format.type() == Format.Type.YAML
                || format.type() == Format.Type.JSONPATH) {
            document(out, entry);
            out.flush();
        } else {
            list(out, kind, List.of(entry));
        }
    }

    /** Prints a list again and again, from the second time on what has changed, as {@code kubectl get -w} does. */
    public Watch watch(PrintWriter out, Kind kind) {
        return new Watch(out, kind);
    }

    private void rows(PrintWriter out, Kind kind, List<JsonNode> entries, Table table, boolean headings) {
        List<Column> columns = columns(kind);
        List<List<String>> rows = new ArrayList<>();
        if (headings) {
            rows.add(columns.stream().map(Column::heading).toList());
        }
        entries.forEach(entry ->
                rows.add(columns.stream().map(column -> column.text(entry)).toList()));
        table.lines(rows).forEach(out::println);
    }

    private List<Column> columns(Kind kind) {
        if (format.type() == Format.Type.CUSTOM_COLUMNS) {
            return format.customColumns();
        }
        return kind.columns().stream()
                .filter(column -> !column.wide() || format.type() == Format.Type.WIDE)
                .toList();
    }

    private void document(PrintWriter out, JsonNode tree) {
        switch (format.type()) {
            case JSON -> out.println(Json.text(tree));
            case YAML -> out.println(Yaml.text(tree));
            case JSONPATH -> out.print(Template.of(format.argument()).fill(tree));
            default -> throw new IllegalStateException(format + " is no format for documents");
        }
    }

    private List<JsonNode> sorted(List<JsonNode> entries) {
        return sortBy == null
                ? entries
                : entries.stream()
                        .sorted(Comparator.comparing(this::key, OutputOptions::compare))
                        .toList();
    }

    private JsonNode key(JsonNode entry) {
        return sortBy.in(entry).stream().findFirst().orElse(Json.of(""));
    }

    private static int compare(JsonNode one, JsonNode other) {
        return one.isNumber() && other.isNumber()
                ? one.decimalValue().compareTo(other.decimalValue())
                : Path.text(one).compareTo(Path.text(other));
    }

    private static String name(Kind kind, JsonNode entry) {
        return kind.name() + "/" + kind.id().apply(entry);
    }

    /** A list that is printed as it changes. */
    public final class Watch {
        private final PrintWriter out;
        private final Kind kind;
        private final Table table = new Table();
        private Map<String, JsonNode> before;

        private Watch(PrintWriter out, Kind kind) {
            this.out = out;
            this.kind = kind;
        }

        /** Takes the list as it is now. */
        public void update(List<JsonNode> entries) {
            Map<String, JsonNode> now = new TreeMap<>();
            entries.forEach(entry -> now.put(kind.id().apply(entry), entry));
            List<JsonNode> changed = sorted(entries).stream()
                    .filter(entry ->
                            before == null || !entry.equals(before.get(kind.id().apply(entry))))
                    .toList();
            if (format.isTable() || format.type() == Format.Type.CUSTOM_COLUMNS) {
                rows(out, kind, changed, table, before == null && !noHeaders);
            } else if (format.type() == Format.Type.NAME) {
                changed.forEach(entry -> out.println(name(kind, entry)));
            } else {
                changed.forEach(entry -> document(out, entry));
            }
            out.flush();
            before = now;
        }
    }

    static final class FormatConverter implements ITypeConverter<Format> {
        @Override
        public Format convert(String text) {
            try {
                return Format.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    static final class PathConverter implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            try {
                return Path.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    static final class FormatNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        FormatNames() {
            super(List.of("table", "wide", "json", "yaml", "name", "jsonpath=", "custom-columns="));
        }
    }
}
