package io.memorymachine.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

import io.memorymachine.failure.FailureReason;

/**
 * Refuses a body that announces itself as too large with a problem document. Quarkus would refuse it without one, as it does
 * with a body that grows too large without notice.
 */
@ApplicationScoped
class BodyLimit {
    /** Before Quarkus's own check, which stands at -2: the order of a filter is its negative priority. */
    private static final int PRIORITY = 10;

    private static final Logger LOG = Logger.getLogger(BodyLimit.class);

    private final long limit;
    private final ProblemWriter problems;

    @Inject
    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit, ProblemWriter problems) {
        this.limit = limit.asLongValue();
        this.problems = problems;
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
        problems.refuse(
                        request,
                        FailureReason.PAYLOAD_TOO_LARGE,
                        "The body has " + length + " bytes, at most " + limit + " are taken")
                .subscribe()
                .with(
                        answered -> LOG.debugf("Refused %s bytes to %s", length, request.normalizedPath()),
                        gone -> LOG.debugf("Whoever sent %s bytes has gone", length));
    }
}
