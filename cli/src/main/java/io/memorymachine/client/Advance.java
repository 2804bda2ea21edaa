package io.memorymachine.client;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How far a node is with its part of a step that reads much. There may be none for a step, and any may be missing.
 *
 * @param done bytes, of {@code total}
 */
public record Advance(String step, String node, long done, long total) {
    static Advance of(JsonNode event) {
        return new Advance(
                event.path("step").asText(""),
                event.path("node").asText(""),
                event.path("done").asLong(),
                event.path("total").asLong());
    }
}
