package io.memorymachine.license.participant.authorize;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.license.LicenseCommand.AuthorizeOperation;
import io.memorymachine.contract.license.LicenseReply.Authorized;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.license.document.License;
import io.memorymachine.license.install.LicenseKeeper;
import io.memorymachine.license.runtime.LicenseConfig;
import io.memorymachine.license.store.Lease;
import io.memorymachine.license.store.LedgerStore;
import io.memorymachine.license.store.LicenseStore;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.CommandHandler;
import io.memorymachine.participant.Outcome;

/**
 * Grants an operation a lease. An operation has one lease: asking again renews it, and its own lease does not count
 * against it. A lease outlives the end of the licence, so that what was begun under it can be finished.
 *
 * <p>What others hold is looked at under the lock of the installed licence, in the transaction that writes the lease:
 * two operations cannot both get the last of the capacity. A death before the commit leaves no lease, one after it a
 * lease that the repeated command renews or that ends by itself.
 */
@ApplicationScoped
public class AuthorizeOperationHandler implements CommandHandler<AuthorizeOperation> {
    private final LicenseKeeper keeper;
    private final LicenseConfig config;
    private final LicenseStore licenses;
    private final LedgerStore ledger;
    private final Mutiny.SessionFactory sessions;
    private final Clock clock;

    @Inject
    AuthorizeOperationHandler(
            LicenseKeeper keeper,
            LicenseConfig config,
            LicenseStore licenses,
            LedgerStore ledger,
            Mutiny.SessionFactory sessions,
            Clock clock) {
        this.keeper = keeper;
        this.config = config;
        this.licenses = licenses;
        this.ledger = ledger;
        this.sessions = sessions;
        this.clock = clock;
    }

    @Override
    public Class<AuthorizeOperation> commandType() {
        return AuthorizeOperation.class;
    }

    @Override
    public Uni<Outcome> handle(AuthorizeOperation command, CommandContext context) {
        Entitlement.requireWellFormed(command);
        return sessions.withSession(licenses::find).map(keeper::require).map(license -> {
            Instant now = clock.instant();
            Instant until = now.plus(shorter(command.leaseFor(), config.maxLease()));
            return Outcome.reply(new Authorized(command.operation(), license.holder(), until))
                    .storing(session -> grant(session, command, license, now, until));
        });
    }

    private Uni<Void> grant(
            Mutiny.Session session, AuthorizeOperation command, License seen, Instant now, Instant until) {
        return licenses.lock(session)
                .invoke(place -> requireUnchanged(seen, keeper.require(place)))
                .chain(() -> ledger.commitments(session, now, now.minus(config.forgetNodeAfter()), command.operation()))
                .invoke(others -> Entitlement.requireCovered(seen, command, others))
                .chain(() -> ledger.grant(
                        session,
                        new Lease(
                                command.operation(),
                                command.feature(),
                                List.copyOf(command.nodes()),
                                command.pmemBytes(),
                                now,
                                until)));
    }

    /** The reply was made from the licence seen before the lock. */
    private static void requireUnchanged(License seen, License locked) {
        if (!seen.equals(locked)) {
            throw OperationFailedException.transientFailure(
                    FailureReason.UNAVAILABLE, "The licence was replaced in this moment", null);
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
