package io.memorymachine.participant;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import org.jboss.logging.Logger;

import io.memorymachine.contract.saga.SagaFact.StepAdvanced;
import io.memorymachine.outbox.PassingFacts;

/**
 * Tells, while commands are executed, how far they are. The work only counts; the meter is read beside it, four times a
 * second. A command has one fact on the way at a time: while the broker is slow or away, what would follow is left out.
 */
@ApplicationScoped
public class WorkProgress {
    private static final Logger LOG = Logger.getLogger(WorkProgress.class);
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private final PassingFacts facts;

    @Inject
    WorkProgress(PassingFacts facts) {
        this.facts = facts;
    }

    /**
     * A meter for a command that begins; to be closed when the work is over. What takes less than the interval is not told
     * of at all.
     */
    public WorkMeter begin(CommandContext context, String node) {
        AtomicReference<Cancellable> telling = new AtomicReference<>();
        WorkMeter meter = new WorkMeter(() -> telling.get().cancel());
        telling.set(Multi.createFrom()
                .ticks()
                .startingAfter(INTERVAL)
                .every(INTERVAL)
                .onOverflow()
                .drop()
                .map(tick -> new StepAdvanced(
                        context.correlation().sagaId(),
                        context.correlation().step(),
                        node,
                        meter.done(),
                        meter.total()))
                .filter(advanced -> advanced.total() > 0)
                .skip()
                .repetitions()
                .onItem()
                .transformToUniAndConcatenate(this::tell)
                .subscribe()
                .with(
                        told -> {},
                        failure -> LOG.errorf(failure, "command=%s is not told of any more", context.commandKey())));
        return meter;
    }

    private Uni<Void> tell(StepAdvanced advanced) {
        return facts.tell(advanced.sagaId(), advanced).onFailure().recoverWithItem(failure -> {
            LOG.debugf("saga=%s the broker did not take a progress: %s", advanced.sagaId(), failure);
            return null;
        });
    }
}
