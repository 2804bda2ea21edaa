package io.memorymachine.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A step forward of a saga as it is streamed.
 *
 * @param sequence counts up within the saga
 * @param step empty where the saga as a whole changed
 * @param status of the step ({@code started}, {@code finished}, {@code failed}, {@code retried}), else the saga's phase
 * @param took how long the step took; zero while it runs
 */
public record Progress(
        int sequence, Optional<String> step, String status, Instant at, Duration took, Optional<Failure> failure) {

    static Progress of(JsonNode event) {
        return new Progress(
                event.path("sequence").asInt(),
                Optional.ofNullable(event.path("step").asText(null)),
                event.path("status").asText(""),
                Instant.parse(event.path("at").asText()),
                Duration.ofNanos(event.path("micros").asLong() * 1000),
                Failure.of(event.path("failure")));
    }

    /** Why something failed. */
    public record Failure(String reason, String message) {
        /** What a field named failure holds; empty where it is null or missing. */
        public static Optional<Failure> of(JsonNode failure) {
            return failure.isObject()
                    ? Optional.of(new Failure(
                            failure.path("reason").asText(""),
                            failure.path("message").asText("")))
                    : Optional.empty();
        }
    }
}
