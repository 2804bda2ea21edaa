package io.memorymachine.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

import io.memorymachine.failure.FailureReason;

/** Answers with a problem document where no resource has been reached yet. */
@ApplicationScoped
public class ProblemWriter {
    private final ObjectMapper json;

    @Inject
    ProblemWriter(ObjectMapper json) {
        this.json = json;
    }

    /** Answers and, unless the request was read to its end, closes the connection: nothing else can come over it. */
    public Uni<Void> refuse(RoutingContext request, FailureReason reason, String detail) {
        Problem problem = Problem.of(reason, detail, request.normalizedPath());
        if (!request.request().isEnded()) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        return Uni.createFrom()
                .completionStage(() -> request.response()
                        .setStatusCode(problem.status())
                        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                        .end(write(problem))
                        .toCompletionStage());
    }

    private String write(Problem problem) {
        try {
            return json.writeValueAsString(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem cannot be written as JSON", e);
        }
    }
}
