package io.memorymachine.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which entries of a list are wanted. */
final class Selection {
    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Only this namespace.")
    private String namespace;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "All namespaces: the default, taken for habit's sake.")
    private boolean allNamespaces;

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "FIELD=VALUE,...",
            converter = SelectorConverter.class,
            description =
                    "Only entries whose fields have these values (or with != not): -l statefulset=hz,phase!=failed")
    private Selector selector = new Selector(List.of());

    /** The part that a service can do by itself. */
    Map<String, String> query() {
        return namespace == null || allNamespaces ? Map.of() : Map.of("namespace", namespace);
    }

    List<JsonNode> of(List<JsonNode> entries) {
        Predicate<JsonNode> here =
                entry -> query().isEmpty() || entry.path("namespace").asText().equals(namespace);
        return entries.stream().filter(here.and(selector)).toList();
    }

    /** Conditions on fields, all of which must hold. */
    record Selector(List<Condition> conditions) implements Predicate<JsonNode> {
        static Selector of(String text) {
            List<Condition> conditions = new ArrayList<>();
            for (String condition : text.split(",")) {
                int equals = condition.indexOf('=');
                if (equals <= 0) {
                    throw new IllegalArgumentException(
                            "'" + condition + "' is no condition: write field=value or" + " field!=value");
                }
                boolean not = condition.charAt(equals - 1) == '!';
                String field = condition.substring(0, not ? equals - 1 : equals).strip();
                // Also as kubectl takes it: field==value.
                String value =
                        condition.substring(equals + 1).replaceFirst("^=", "").strip();
                conditions.add(new Condition(field, value, !not));
            }
            return new Selector(conditions);
        }

        @Override
        public boolean test(JsonNode entry) {
            return conditions.stream()
                    .allMatch(condition ->
                            entry.path(condition.field).asText("").equals(condition.value) == condition.equal);
        }
    }

    /** One of them. */
    record Condition(String field, String value, boolean equal) {}

    static final class SelectorConverter implements ITypeConverter<Selector> {
        @Override
        public Selector convert(String text) {
            try {
                return Selector.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
