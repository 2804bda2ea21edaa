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

import io.memorymachine.contract.saga.SagaFact;
import io.memorymachine.saga.engine.SagaProjection;
import io.memorymachine.saga.progress.SagaProgress;

/**
 * The progress of a saga as server-sent events: {@code progress} for each change, {@code advance} from time to time while a
 * step reads much, then {@code end} with the result.
 */
@ApplicationScoped
public class ProgressStream {
    /** What the interface's description says of such a stream. */
    public static final String DESCRIPTION =
            "Events named progress tell each change from the beginning, numbered by sequence;"
                    + " those named advance tell now and then how many bytes of how many a node has gone through in a step that"
                    + " reads much; the last one is named end and holds what GET would answer. Others are to be passed over.";

    private final SagaProgress progress;

    @Inject
    ProgressStream(SagaProgress progress) {
        this.progress = progress;
    }

    /**
     * The stream. The id of a change is its sequence number within the saga; an advance, which is never repeated, has none.
     *
     * @param result what the last event carries, asked for when the saga has ended
     */
    public <D, R> Multi<OutboundSseEvent> stream(Sse sse, SagaProjection<D> kind, UUID saga, Supplier<Uni<R>> result) {
        Multi<OutboundSseEvent> changes = progress.watch(kind, saga)
                .map(fact -> fact instanceof SagaFact.Progressed progressed
                        ? event(sse, "progress", Integer.toString(progressed.sequence()), fact)
                        : event(sse, "advance", null, fact));
        Multi<OutboundSseEvent> end = Uni.createFrom()
                .deferred(() -> result.get())
                .map(view -> event(sse, "end", "end", view))
                .toMulti();
        return Multi.createBy().concatenating().streams(changes, end);
    }

    private static OutboundSseEvent event(Sse sse, String name, String id, Object data) {
        OutboundSseEvent.Builder event = sse.newEventBuilder()
                .name(name)
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(data);
        return (id == null ? event : event.id(id)).build();
    }
}
