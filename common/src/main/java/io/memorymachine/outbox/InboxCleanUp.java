package io.memorymachine.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Forgets commands that nobody can repeat any more: their sagas have ended long ago. A command that came again after that
 * would be executed again.
 */
@ApplicationScoped
class InboxCleanUp {
    private static final Logger LOG = Logger.getLogger(InboxCleanUp.class);

    private final Mutiny.SessionFactory sessions;
    private final Clock clock;
    private final Duration keep;

    @Inject
    InboxCleanUp(
            Mutiny.SessionFactory sessions,
            Clock clock,
            @ConfigProperty(name = "mm.inbox.keep", defaultValue = "7d") Duration keep) {
        this.sessions = sessions;
        this.clock = clock;
        this.keep = keep;
    }

    /** Daily, and soon after each start, so that services that never run for a day clean up too. */
    @Scheduled(
            every = "24h",
            delayed = "${mm.inbox.clean-up-delay:2m}",
            identity = "inbox-clean-up",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> run() {
        Instant limit = clock.instant().minus(keep);
        return sessions.withTransaction(
                        session -> session.createMutationQuery("delete from InboxRow where handledAt < :limit")
                                .setParameter("limit", limit)
                                .executeUpdate())
                .invoke(deleted -> LOG.debugf("%d inbox rows older than %s deleted", deleted, limit))
                .replaceWithVoid();
    }
}
