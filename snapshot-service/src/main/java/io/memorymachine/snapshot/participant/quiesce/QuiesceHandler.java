package io.memorymachine.snapshot.participant.quiesce;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.snapshot.SnapshotCommand.QuiesceWorkload;
import io.memorymachine.contract.snapshot.SnapshotReply.WorkloadQuiesced;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.CommandHandler;
import io.memorymachine.participant.Outcome;
import io.memorymachine.profile.Profiles;
import io.memorymachine.snapshot.store.LeaseRow;

/**
 * Makes a cluster passive under a lease.
 *
 * <p>The lease, with the state to return to, is committed before the cluster is touched. If the service dies after that,
 * the lease is found open when it has run out, by any instance, and the cluster is resumed. If the command comes again
 * only after that, the cluster is not touched.
 */
@ApplicationScoped
public class QuiesceHandler implements CommandHandler<QuiesceWorkload> {
    /** Less than the step's deadline, so that the saga hears of a failure rather than of silence. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Mutiny.SessionFactory sessions;
    private final QuiesceLeases leases;
    private final Profiles profiles;
    private final Clock clock;

    @Inject
    QuiesceHandler(Mutiny.SessionFactory sessions, QuiesceLeases leases, Profiles profiles, Clock clock) {
        this.sessions = sessions;
        this.leases = leases;
        this.profiles = profiles;
        this.clock = clock;
    }

    @Override
    public Class<QuiesceWorkload> commandType() {
        return QuiesceWorkload.class;
    }

    @Override
    public Uni<Outcome> handle(QuiesceWorkload command, CommandContext context) {
        UUID snapshot = UUID.fromString(command.snapshotId());
        Instant until = until(command);
        return sessions.withTransaction(session -> leases.open(session, command, until))
                .invoke(this::requireTime)
                .chain(lease -> quiesce(command)
                        .replaceWith(() -> clock.instant())
                        .map(at -> Outcome.reply(new WorkloadQuiesced(
                                        command.snapshotId(), lease.previousState(), at, lease.until()))
                                .storing(session -> leases.quiesced(session, snapshot, at))));
    }

    /** Never later than the nodes allow: from then on they bring the cluster back, and do not look after it any more. */
    private Instant until(QuiesceWorkload command) {
        Instant allowed = clock.instant().plus(command.profile().maxPause());
        return command.guardedUntil().isBefore(allowed) ? command.guardedUntil() : allowed;
    }

    private void requireTime(LeaseRow lease) {
        if (lease.hasRunOut(clock.instant())) {
            throw new OperationFailedException(
                    FailureReason.QUIESCE_LEASE_EXPIRED,
                    "The cluster may not be made passive any more: the lease lasted until " + lease.until());
        }
    }

    private Uni<Void> quiesce(QuiesceWorkload command) {
        return VertxContextSupport.executeBlocking(() -> {
            profiles.find(command.profile().name()).quiesce(command.members(), TIMEOUT);
            return null;
        });
    }
}
