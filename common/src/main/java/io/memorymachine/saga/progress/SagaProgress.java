package io.memorymachine.saga.progress;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import io.memorymachine.contract.saga.SagaFact;
import io.memorymachine.saga.engine.ProgressFacts;
import io.memorymachine.saga.engine.SagaEngine;
import io.memorymachine.saga.engine.SagaProjection;
import io.memorymachine.wire.CloudEventCodec;
import io.memorymachine.wire.MalformedMessageException;

/**
 * Lets any number of callers follow sagas, whichever instance moves them: facts from Kafka say that something has changed,
 * the stored state says what. So nothing is missed or told twice, whenever somebody begins to listen.
 */
@ApplicationScoped
public class SagaProgress {
    private static final Logger LOG = Logger.getLogger(SagaProgress.class);

    /** A change that no fact told of (the broker is away) is seen at the latest after this. */
    private static final Duration SAFETY_INTERVAL = Duration.ofSeconds(2);

    private final BroadcastProcessor<String> changes = BroadcastProcessor.create();
    private final BroadcastProcessor<SagaFact.StepAdvanced> advances = BroadcastProcessor.create();
    private final Mutiny.SessionFactory sessions;
    private final SagaEngine engine;
    private final CloudEventCodec codec;
    private final MeterRegistry meters;

    @Inject
    SagaProgress(Mutiny.SessionFactory sessions, SagaEngine engine, CloudEventCodec codec, MeterRegistry meters) {
        this.sessions = sessions;
        this.engine = engine;
        this.codec = codec;
        this.meters = meters;
    }

    /**
     * Takes a message of the topic of facts; all but progress is left alone, and a malformed one goes to the dead-letter
     * topic.
     */
    public Uni<Void> take(Message<byte[]> received) {
        try {
            io.memorymachine.contract.envelope.Message message =
                    codec.decode(received, null).message();
            if (message instanceof SagaFact.Progressed progressed) {
                changes.onNext(progressed.sagaId());
            } else if (message instanceof SagaFact.StepAdvanced advanced) {
                advances.onNext(advanced);
            }
            return Uni.createFrom().completionStage(received.ack());
        } catch (MalformedMessageException malformed) {
            LOG.warnf("Refused a message: %s", malformed.getMessage());
            meters.counter("mm.messages.poison").increment();
            return Uni.createFrom().completionStage(received.nack(malformed));
        }
    }

    /** Everything that has happened to a saga, then what happens, up to its end; empty if there is no such saga. */
    public <D> Multi<SagaFact.Progressed> follow(SagaProjection<D> kind, UUID saga) {
        return following(kind, saga, Multi.createFrom().empty())
                .filter(SagaFact.Progressed.class::isInstance)
                .map(SagaFact.Progressed.class::cast);
    }

    /**
     * As {@link #follow}, and how far steps are while they run, as far as that is heard of: older advances are left out where
     * the subscriber is slow.
     */
    public <D> Multi<SagaFact> watch(SagaProjection<D> kind, UUID saga) {
        return following(
                kind,
                saga,
                advances.filter(advanced -> saga.toString().equals(advanced.sagaId()))
                        .onOverflow()
                        .dropPreviousItems());
    }

    private <D> Multi<SagaFact> following(SagaProjection<D> kind, UUID saga, Multi<SagaFact.StepAdvanced> advanced) {
        Multi<Object> now = Multi.createFrom().item(saga);
        Multi<Object> changed = changes.filter(saga.toString()::equals)
                .onOverflow()
                .dropPreviousItems()
                .map(id -> id);
        Multi<Object> interval = Multi.createFrom()
                .ticks()
                .every(SAFETY_INTERVAL)
                .onOverflow()
                .dropPreviousItems()
                .map(tick -> tick);
        AtomicInteger told = new AtomicInteger();
        return Multi.createBy()
                .merging()
                .streams(now, changed, interval, advanced.map(fact -> fact))
                .onItem()
                .transformToMultiAndConcatenate(wake -> wake instanceof SagaFact.StepAdvanced fact
                        ? Multi.createFrom().item(Optional.<SagaFact>of(fact))
                        : progress(kind, saga).onItem().transformToMulti(SagaProgress::withEnd))
                .select()
                .first(Optional::isPresent)
                .map(Optional::get)
                .filter(fact -> !(fact instanceof SagaFact.Progressed progressed)
                        || told.getAndAccumulate(progressed.sequence(), Math::max) < progressed.sequence());
    }

    /** The facts, and behind those of a saga that has ended an empty one, at which the stream stops. */
    private static Multi<Optional<SagaFact>> withEnd(Progress progress) {
        Multi<Optional<SagaFact>> facts =
                Multi.createFrom().iterable(progress.facts()).map(Optional::of);
        return progress.ended()
                ? Multi.createBy()
                        .concatenating()
                        .streams(facts, Multi.createFrom().item(Optional.empty()))
                : facts;
    }

    private <D> Uni<Progress> progress(SagaProjection<D> kind, UUID saga) {
        return sessions.withSession(session -> engine.find(session, kind, saga))
                .map(state -> state == null
                        ? new Progress(List.of(), true)
                        : new Progress(ProgressFacts.all(state), state.phase().terminal()));
    }

    /** All facts up to now, and whether none follows. */
    private record Progress(List<SagaFact.Progressed> facts, boolean ended) {}
}
