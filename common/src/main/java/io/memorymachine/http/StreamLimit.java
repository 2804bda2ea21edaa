package io.memorymachine.http;

import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/**
 * Bounds the streams that an instance serves at once: each holds a connection and looks at the database as long as its saga
 * lasts. A stream counts until its connection is done, however it ends.
 */
@ApplicationScoped
public class StreamLimit {
    private final AtomicInteger open = new AtomicInteger();
    private final int most;

    @Inject
    StreamLimit(@ConfigProperty(name = "mm.http.max-event-streams") int most, MeterRegistry meters) {
        this.most = most;
        meters.gauge("mm.http.event.streams", open);
    }

    /** Refuses one too many before it has begun. */
    @ServerRequestFilter(priority = 100)
    @Streamed
    public void count(RoutingContext request) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            throw new OperationFailedException(
                    FailureReason.TOO_MANY_STREAMS, "At most " + most + " event streams are served at once");
        }
        request.addEndHandler(ended -> open.decrementAndGet());
    }
}
