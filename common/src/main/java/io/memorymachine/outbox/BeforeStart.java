package io.memorymachine.outbox;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.ScheduledExecution;

/**
 * Holds the outbox's poll back until the application has started: the scheduler runs before the channels are connected,
 * and without them the relay cannot even be made.
 */
@Singleton
final class BeforeStart implements Scheduled.SkipPredicate {
    private volatile boolean started;

    void onStart(@Observes StartupEvent event) {
        started = true;
    }

    @Override
    public boolean test(ScheduledExecution execution) {
        return !started;
    }
}
