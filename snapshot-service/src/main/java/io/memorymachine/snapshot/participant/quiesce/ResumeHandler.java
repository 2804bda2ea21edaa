package io.memorymachine.snapshot.participant.quiesce;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.snapshot.SnapshotCommand.ResumeWorkload;
import io.memorymachine.contract.snapshot.SnapshotReply.WorkloadResumed;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.CommandHandler;
import io.memorymachine.participant.Outcome;
import io.memorymachine.snapshot.store.LeaseRow;

/** Brings a cluster back to the state before the quiesce and ends the lease. */
@ApplicationScoped
public class ResumeHandler implements CommandHandler<ResumeWorkload> {
    private final Mutiny.SessionFactory sessions;
    private final QuiesceLeases leases;
    private final Clock clock;

    @Inject
    ResumeHandler(Mutiny.SessionFactory sessions, QuiesceLeases leases, Clock clock) {
        this.sessions = sessions;
        this.leases = leases;
        this.clock = clock;
    }

    @Override
    public Class<ResumeWorkload> commandType() {
        return ResumeWorkload.class;
    }

    @Override
    public Uni<Outcome> handle(ResumeWorkload command, CommandContext context) {
        UUID snapshot = UUID.fromString(command.snapshotId());
        return sessions.withSession(session -> leases.find(session, snapshot)).chain(lease -> {
            if (lease == null) {
                return Uni.createFrom()
                        .item(Outcome.reply(new WorkloadResumed(command.snapshotId(), null, clock.instant(), 0)));
            }
            if (lease.resumedAt() != null && !lease.expired()) {
                return Uni.createFrom().item(reply(lease, lease.resumedAt()));
            }
            // By the clock, not by the poll's note: the poll may be resuming the cluster right now.
            if (command.mustBeInTime() && lease.hasRunOut(clock.instant())) {
                throw new OperationFailedException(
                        FailureReason.QUIESCE_LEASE_EXPIRED,
                        "The cluster was to be passive until " + lease.until()
                                + " at the latest: the capture may not be consistent");
            }
            if (lease.resumedAt() != null) {
                return Uni.createFrom().item(reply(lease, lease.resumedAt()));
            }
            return leases.resume(lease)
                    .map(done -> clock.instant())
                    .map(at -> reply(lease, at).storing(session -> leases.resumed(session, lease, at, false)));
        });
    }

    private static Outcome reply(LeaseRow lease, Instant at) {
        long paused = lease.quiescedAt() == null
                ? 0
                : Duration.between(lease.quiescedAt(), at).toNanos() / 1_000;
        return Outcome.reply(new WorkloadResumed(lease.snapshotId().toString(), lease.previousState(), at, paused));
    }
}
