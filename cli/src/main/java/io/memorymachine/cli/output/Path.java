package io.memorymachine.cli.output;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;

/** A JSONPath expression as kubectl takes it: {@code .items[*].name}, {@code $.items}, {@code {.phase}}, {@code phase}. */
final class Path {
    private static final Configuration CONFIGURATION = Configuration.builder()
            .jsonProvider(new JacksonJsonNodeJsonProvider())
            .mappingProvider(new JacksonMappingProvider())
            .options(Option.ALWAYS_RETURN_LIST, Option.SUPPRESS_EXCEPTIONS)
            .build();

    private final JsonPath compiled;

    private Path(JsonPath compiled) {
        this.compiled = compiled;
    }

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Path of(String expression) {
        String bare = expression.strip();
        if (bare.startsWith("{") && bare.endsWith("}")) {
            bare = bare.substring(1, bare.length() - 1).strip();
        }
        if (bare.isEmpty()) {
            throw new IllegalArgumentException("an empty JSONPath expression");
        }
        String rooted = switch (bare.charAt(0)) {
            case '$' -> bare;
            case '@' -> "$" + bare.substring(1);
            case '.', '[' -> "$" + bare;
            default -> "$." + bare;
        };
        if (rooted.equals("$.")) {
            rooted = "$";
        }
        try {
            return new Path(JsonPath.compile(rooted));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + expression + "' is no JSONPath: " + e.getMessage(), e);
        }
    }

    /** Everything that it leads to; nothing where a field is missing. */
    List<JsonNode> in(JsonNode tree) {
        JsonNode found = compiled.read(tree, CONFIGURATION);
        List<JsonNode> all = new ArrayList<>();
        if (found != null) {
            found.forEach(all::add);
        }
        return all;
    }

    /** A value as kubectl prints it: a text without quotes, anything else as JSON in one line. */
    static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }
}
