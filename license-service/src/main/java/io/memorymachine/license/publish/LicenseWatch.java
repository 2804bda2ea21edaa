package io.memorymachine.license.publish;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.license.LicenseFact;
import io.memorymachine.license.document.License;
import io.memorymachine.license.install.LicenseKeeper;
import io.memorymachine.license.install.Standing;
import io.memorymachine.license.runtime.LicenseConfig;
import io.memorymachine.license.store.LicenseStore;
import io.memorymachine.outbox.Outbox;
import io.memorymachine.outbox.OutboxRelay;

/**
 * Looks at the installed licence and tells what has become of it: once for each licence and threshold that it comes
 * near its end, once for each licence and reason that it does not hold. What was told is written with the message in one
 * transaction, so restarts and other instances do not tell it again. That no licence is installed is told to whoever
 * needs one, not here.
 */
@ApplicationScoped
public class LicenseWatch {
    private static final Logger LOG = Logger.getLogger(LicenseWatch.class);

    private final LicenseKeeper keeper;
    private final LicenseConfig config;
    private final LicenseStore store;
    private final Mutiny.SessionFactory sessions;
    private final Outbox outbox;
    private final OutboxRelay relay;
    private final Clock clock;

    /** When the licence that holds ends; null while none holds. */
    private final AtomicReference<Instant> end = new AtomicReference<>();

    @Inject
    LicenseWatch(
            LicenseKeeper keeper,
            LicenseConfig config,
            LicenseStore store,
            Mutiny.SessionFactory sessions,
            Outbox outbox,
            OutboxRelay relay,
            MeterRegistry meters,
            Clock clock) {
        this.keeper = keeper;
        this.config = config;
        this.store = store;
        this.sessions = sessions;
        this.outbox = outbox;
        this.relay = relay;
        this.clock = clock;
        meters.gauge("mm.license.seconds.left", this, LicenseWatch::secondsLeft);
    }

    /** Looks once. */
    public Uni<Void> look() {
        return keeper.standing().chain(standing -> {
            end.set(standing.check().holds() ? standing.check().license().expires() : null);
            return standing.licenseId() == null ? Uni.createFrom().voidItem() : tell(standing);
        });
    }

    private Uni<Void> tell(Standing standing) {
        if (!standing.check().holds()) {
            String notice = "invalid-" + standing.check().failure().reason();
            return tellOnce(
                    notice,
                    new LicenseFact.Invalid(
                            standing.licenseId(), standing.check().failure()),
                    standing);
        }
        License license = standing.check().license();
        Duration left = Duration.between(clock.instant(), license.expires());
        Optional<Integer> reached = config.announceDaysBefore().stream()
                .filter(days -> left.compareTo(Duration.ofDays(days)) <= 0)
                .min(Comparator.naturalOrder());
        return reached.map(days -> tellOnce(
                        "expiring-" + days + "d",
                        new LicenseFact.Expiring(license.id(), license.holder(), license.expires()),
                        standing))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private Uni<Void> tellOnce(String notice, Fact fact, Standing standing) {
        String id = standing.licenseId();
        return sessions.withTransaction(session -> store.firstTime(session, id, notice, clock.instant())
                        .chain(first -> {
                            if (!first) {
                                return Uni.createFrom().voidItem();
                            }
                            LOG.warnf("license=%s %s", id, notice);
                            return outbox.fact(session, id, fact);
                        }))
                .invoke(relay::wake);
    }

    private double secondsLeft() {
        Instant ends = end.get();
        return ends == null
                ? 0
                : Math.max(0, Duration.between(clock.instant(), ends).toSeconds());
    }
}
