package io.memorymachine.http;

import java.util.UUID;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

import io.memorymachine.saga.engine.SagaProjection;
import io.memorymachine.saga.progress.SagaProgress;

/** The progress of a saga as server-sent events: {@code progress} for each change, then {@code end} with the result. */
@ApplicationScoped
public class ProgressStream {
    private final SagaProgress progress;

    @Inject
    ProgressStream(SagaProgress progress) {
        this.progress = progress;
    }

    /**
     * The stream. An event's id is its sequence number within the saga.
     *
     * @param result what the last event carries, asked for when the saga has ended
     */
    public <D, R> Multi<OutboundSseEvent> stream(Sse sse, SagaProjection<D> kind, UUID saga, Supplier<Uni<R>> result) {
        Multi<OutboundSseEvent> changes = progress.follow(kind, saga)
                .map(fact -> event(sse, "progress", Integer.toString(fact.sequence()), fact));
        Multi<OutboundSseEvent> end = Uni.createFrom()
                .deferred(() -> result.get())
                .map(view -> event(sse, "end", "end", view))
                .toMulti();
        return Multi.createBy().concatenating().streams(changes, end);
    }

    private static OutboundSseEvent event(Sse sse, String name, String id, Object data) {
        return sse.newEventBuilder()
                .name(name)
                .id(id)
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(data)
                .build();
    }
}
