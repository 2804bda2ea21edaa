package io.memorymachine.license.runtime;

import java.time.Clock;
import java.time.Instant;
import java.util.function.Supplier;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.license.install.LicenseKeeper;
import io.memorymachine.license.publish.LicenseWatch;
import io.memorymachine.license.store.LedgerStore;

/**
 * What is done when the service starts, before it takes commands, and from then on at intervals
 * ({@code mm.license.check-every}).
 */
@ApplicationScoped
class LicenseRounds {
    /** Before the messaging connectors, which start at {@link jakarta.interceptor.Interceptor.Priority#LIBRARY_BEFORE}. */
    private static final int BEFORE_MESSAGES = 500;

    private final LicenseKeeper keeper;
    private final LicenseWatch watch;
    private final LedgerStore ledger;
    private final LicenseConfig config;
    private final Mutiny.SessionFactory sessions;
    private final Clock clock;

    @Inject
    LicenseRounds(
            LicenseKeeper keeper,
            LicenseWatch watch,
            LedgerStore ledger,
            LicenseConfig config,
            Mutiny.SessionFactory sessions,
            Clock clock) {
        this.keeper = keeper;
        this.watch = watch;
        this.ledger = ledger;
        this.config = config;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Fails, and the start with it, where the database cannot be reached. */
    void onStart(@Observes @Priority(BEFORE_MESSAGES) StartupEvent started) {
        await(keeper::pickUp);
    }

    @Scheduled(
            every = "${mm.license.check-every:PT1H}",
            delayed = "${mm.license.first-check-after:PT30S}",
            identity = "license-check")
    @Blocking // reads a file
    void round() {
        await(() -> keeper.pickUp().chain(watch::look).chain(() -> {
            Instant now = clock.instant();
            return sessions.withTransaction(session -> ledger.tidy(session, now, now.minus(config.forgetNodeAfter())));
        }));
    }

    private static void await(Supplier<Uni<Void>> work) {
        try {
            VertxContextSupport.subscribeAndAwait(work);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the installed licence could not be looked at", e);
        }
    }
}
