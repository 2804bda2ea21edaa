package io.memorymachine.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.memorymachine.failure.FailureReason;

/**
 * Refuses a body that announces itself as too large with a problem document. Quarkus would refuse it without one, as it does
 * with a body that grows too large without notice.
 */
@ApplicationScoped
class BodyLimit {
    /** Before Quarkus's own check, which stands at -2: the order of a filter is its negative priority. */
    private static final int PRIORITY = 10;

    private final long limit;
    private final ObjectMapper json;

    @Inject
    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit, ObjectMapper json) {
        this.limit = limit.asLongValue();
        this.json = json;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext request) {
        String length = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null || Long.parseLong(length) <= limit) {
            request.next();
            return;
        }
        Problem problem = Problem.of(
                FailureReason.PAYLOAD_TOO_LARGE,
                "The body has " + length + " bytes, at most " + limit + " are taken",
                request.normalizedPath());
        // The body is not read, so nothing else can come over this connection.
        request.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end(write(problem));
    }

    private String write(Problem problem) {
        try {
            return json.writeValueAsString(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem cannot be written as JSON", e);
        }
    }
}
