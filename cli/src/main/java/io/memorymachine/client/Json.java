package io.memorymachine.client;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * JSON as trees. What a service answers is kept whole: a field that this version does not know reaches the user, and one
 * that an older service does not send is absent.
 */
public final class Json {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    /**
     * Reads a text.
     *
     * @throws IOException if it is no JSON
     */
    public static JsonNode tree(String text) throws IOException {
        return MAPPER.readTree(text);
    }

    /** An object without fields. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Any value of plain Java as a tree. */
    public static JsonNode of(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** The tree as indented text. */
    public static String text(JsonNode tree) {
        try {
            return MAPPER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }
}
