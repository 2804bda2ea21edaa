package io.memorymachine.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A template as kubectl's {@code -o jsonpath} takes it: text, expressions in braces, texts in quotes within braces, and
 * {@code {range EXPRESSION}...{end}}.
 */
final class Template {
    private final List<Part> parts;

    private Template(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    static Template of(String text) {
        // kubectl takes a bare expression too.
        return text.contains("{") ? new Parser(text).all() : new Template(List.of(new Value(Path.of(text))));
    }

    /** The template filled from a tree. */
    String fill(JsonNode tree) {
        StringBuilder filled = new StringBuilder();
        parts.forEach(part -> part.fill(tree, filled));
        return filled.toString();
    }

    private interface Part {
        void fill(JsonNode tree, StringBuilder to);
    }

    private record Text(String text) implements Part {
        @Override
        public void fill(JsonNode tree, StringBuilder to) {
            to.append(text);
        }
    }

    private record Value(Path path) implements Part {
        @Override
        public void fill(JsonNode tree, StringBuilder to) {
            to.append(path.in(tree).stream().map(Path::text).collect(Collectors.joining(" ")));
        }
    }

    private record Range(Path path, List<Part> body) implements Part {
        @Override
        public void fill(JsonNode tree, StringBuilder to) {
            path.in(tree).forEach(entry -> body.forEach(part -> part.fill(entry, to)));
        }
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        Template all() {
            List<Part> parts = parts(false);
            return new Template(parts);
        }

        private List<Part> parts(boolean inRange) {
            List<Part> parts = new ArrayList<>();
            while (at < text.length()) {
                int brace = text.indexOf('{', at);
                if (brace != at) {
                    int end = brace < 0 ? text.length() : brace;
                    parts.add(new Text(text.substring(at, end)));
                    at = end;
                    continue;
                }
                String inside = braces();
                if (inside.equals("end")) {
                    if (!inRange) {
                        throw new IllegalArgumentException("{end} without {range}");
                    }
                    return parts;
                }
                parts.add(part(inside));
            }
            if (inRange) {
                throw new IllegalArgumentException("{range} without {end}");
            }
            return parts;
        }

        private Part part(String inside) {
            if (inside.startsWith("range ")) {
                return new Range(Path.of(inside.substring("range ".length())), parts(true));
            }
            if (inside.length() > 1 && (inside.startsWith("\"") || inside.startsWith("'"))) {
                return new Text(inside.substring(1, inside.length() - 1).translateEscapes());
            }
            return new Value(Path.of(inside));
        }

        /** What stands between the brace here and its partner; a brace in quotes is text. */
        private String braces() {
            char quote = 0;
            for (int i = at + 1; i < text.length(); i++) {
                char c = text.charAt(i);
                if (quote != 0) {
                    quote = c == quote && text.charAt(i - 1) != '\\' ? 0 : quote;
                } else if (c == '"' || c == '\'') {
                    quote = c;
                } else if (c == '}') {
                    String inside = text.substring(at + 1, i).strip();
                    at = i + 1;
                    return inside;
                }
            }
            throw new IllegalArgumentException("an opening brace without a closing one");
        }
    }
}
