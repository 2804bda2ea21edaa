package io.memorymachine.testing.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a service's OpenAPI document says of its endpoints. */
final class ApiDescription {
    private final JsonNode document;
    private final ObjectMapper json;

    ApiDescription(JsonNode document, ObjectMapper json) {
        this.document = document;
        this.json = json;
    }

    /**
     * An endpoint.
     *
     * @param path with its parameters in braces
     * @param query the names of the query parameters
     * @param contentType what it consumes, or null where it takes no body
     * @param body a good body, or null where the document does not describe one
     */
    record Endpoint(String method, String path, List<String> query, String contentType, String body) {}

    /** All of them. */
    List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (operation.getValue().has("responses")) {
                        endpoints.add(
                                endpoint(path.getKey(), path.getValue(), operation.getKey(), operation.getValue()));
                    }
                }));
        return endpoints;
    }

    private Endpoint endpoint(String path, JsonNode shared, String method, JsonNode operation) {
        List<String> query = new ArrayList<>();
        for (JsonNode where : List.of(shared, operation)) {
            where.path("parameters").forEach(parameter -> {
                if (parameter.path("in").asText().equals("query")) {
                    query.add(parameter.path("name").asText());
                }
            });
        }
        JsonNode content = operation.path("requestBody").path("content");
        String type = content.fieldNames().hasNext() ? content.fieldNames().next() : null;
        JsonNode schema = type == null ? null : resolved(content.path(type).path("schema"));
        String body =
                schema != null && schema.has("properties") ? sample(schema).toString() : null;
        return new Endpoint(method.toUpperCase(Locale.ROOT), path, query, type, body);
    }

    private JsonNode resolved(JsonNode schema) {
        String reference = schema.path("$ref").asText("");
        return reference.isEmpty() ? schema : document.at(reference.substring(1));
    }

    /** A document in which every property has its example. */
    private ObjectNode sample(JsonNode schema) {
        ObjectNode sample = json.createObjectNode();
        schema.path("properties").properties().forEach(property -> {
            JsonNode of = resolved(property.getValue());
            JsonNode example =
                    of.path("examples").isArray() ? of.path("examples").path(0) : of.path("example");
            if (!example.isMissingNode()) {
                sample.set(property.getKey(), example);
            } else if (of.has("properties")) {
                sample.set(property.getKey(), sample(of));
            } else {
                sample.put(property.getKey(), "text");
            }
        });
        return sample;
    }
}
