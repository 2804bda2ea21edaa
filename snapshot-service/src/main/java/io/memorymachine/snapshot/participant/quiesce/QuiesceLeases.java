package io.memorymachine.snapshot.participant.quiesce;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import io.memorymachine.contract.snapshot.SnapshotCommand.QuiesceWorkload;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.WorkloadPlatform;
import io.memorymachine.profile.Profiles;
import io.memorymachine.snapshot.store.Catalogue;
import io.memorymachine.snapshot.store.LeaseRow;

/**
 * The promises that passive clusters become active again by a deadline. Leases are rows: whichever instance polls first
 * keeps the promise, and one that cannot be kept now is tried again at the next poll.
 */
@ApplicationScoped
public class QuiesceLeases {
    private static final Logger LOG = Logger.getLogger(QuiesceLeases.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    private final Mutiny.SessionFactory sessions;
    private final Catalogue catalogue;
    private final Profiles profiles;
    private final WorkloadPlatform platform;
    private final Clock clock;

    private volatile boolean stopping;

    @Inject
    QuiesceLeases(
            Mutiny.SessionFactory sessions,
            Catalogue catalogue,
            Profiles profiles,
            WorkloadPlatform platform,
            Clock clock) {
        this.sessions = sessions;
        this.catalogue = catalogue;
        this.profiles = profiles;
        this.platform = platform;
        this.clock = clock;
    }

    void onStop(@Observes ShutdownEvent stopped) {
        stopping = true;
    }

    /**
     * Opens a lease; a repetition finds the one that is there, with the state that was noted first. One that was closed is
     * opened again: nobody knows whether the first execution made the cluster passive after that.
     */
    Uni<LeaseRow> open(Mutiny.Session session, QuiesceWorkload command, Instant until) {
        UUID snapshot = UUID.fromString(command.snapshotId());
        return lock(session, snapshot).chain(existing -> {
            if (existing != null) {
                if (existing.hasRunOut(clock.instant())) {
                    existing.reopened();
                }
                return Uni.createFrom().item(existing);
            }
            LeaseRow lease = new LeaseRow(
                    snapshot,
                    command.profile().name(),
                    catalogue.write(command.members()),
                    command.clusterState(),
                    until);
            return session.persist(lease).replaceWith(lease);
        });
    }

    Uni<Void> quiesced(Mutiny.Session session, UUID snapshot, Instant at) {
        return lock(session, snapshot).invoke(lease -> lease.quiesced(at)).replaceWithVoid();
    }

    /** The lease of a snapshot, or null. */
    Uni<LeaseRow> find(Mutiny.Session session, UUID snapshot) {
        return session.find(LeaseRow.class, snapshot);
    }

    private static Uni<LeaseRow> lock(Mutiny.Session session, UUID snapshot) {
        return session.find(LeaseRow.class, snapshot, LockModeType.PESSIMISTIC_WRITE);
    }

    /**
     * Brings the cluster of a lease back to its state; blocks a worker thread meanwhile. Changes no row. A member that was
     * replaced is asked where it runs now. A cluster none of whose members lives any more is passive nowhere: there is nothing
     * to do then.
     */
    Uni<Void> resume(LeaseRow lease) {
        List<MemberPlacement> quiesced = Arrays.asList(catalogue.read(lease.members(), MemberPlacement[].class));
        return VertxContextSupport.executeBlocking(() -> {
            List<MemberPlacement> members = current(quiesced);
            if (members.isEmpty()) {
                LOG.warnf(
                        "snapshot=%s: no member of %s that was made passive lives any more, its lease ends",
                        lease.snapshotId(), quiesced.get(0).member().workload());
            } else {
                profiles.find(lease.profile()).resume(members, lease.previousState(), TIMEOUT);
            }
            return null;
        });
    }

    /** The workload's members as they run now; empty if none of them is one of those that were made passive. */
    private List<MemberPlacement> current(List<MemberPlacement> quiesced) {
        Set<String> incarnations =
                quiesced.stream().map(MemberPlacement::incarnation).collect(Collectors.toSet());
        try {
            List<MemberPlacement> now =
                    platform.find(quiesced.get(0).member().workload()).members();
            return now.stream().map(MemberPlacement::incarnation).anyMatch(incarnations::contains) ? now : List.of();
        } catch (OperationFailedException gone) {
            if (gone.reason() == FailureReason.WORKLOAD_NOT_FOUND) {
                return List.of();
            }
            throw gone;
        }
    }

    /**
     * Notes that the cluster is back. The first note counts, and one of a resume that a quiesce has overtaken does not: the
     * lease stays open and the cluster is resumed again.
     *
     * @param before the lease as it was before the cluster was resumed
     */
    Uni<Void> resumed(Mutiny.Session session, LeaseRow before, Instant at, boolean byExpiry) {
        return lock(session, before.snapshotId())
                .invoke(lease -> {
                    if (lease.resumedAt() == null && Objects.equals(lease.quiescedAt(), before.quiescedAt())) {
                        lease.resumed(at, byExpiry);
                    }
                })
                .replaceWithVoid();
    }

    @Scheduled(
            every = "${mm.quiesce.lease-poll-interval:1s}",
            identity = "quiesce-leases",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> expire() {
        return sessions.withSession(session -> session.createSelectionQuery(
                                "from LeaseRow where resumedAt is null and (expired or until <= :now)", LeaseRow.class)
                        .setParameter("now", clock.instant())
                        .getResultList())
                // All at once: a cluster that does not answer keeps no other one waiting.
                .chain(overdue -> Multi.createFrom()
                        .iterable(overdue)
                        .onItem()
                        .transformToUni(this::resumeOverdue)
                        .merge()
                        .onItem()
                        .transformToUniAndConcatenate(lease ->
                                sessions.withTransaction(session -> resumed(session, lease, clock.instant(), true)))
                        .collect()
                        .last())
                .onFailure()
                .recoverWithItem(failure -> {
                    // What is overdue stays so. The pool closes before the scheduler ends, which is no news.
                    if (!stopping) {
                        LOG.warnf("Overdue leases could not be ended, tried again at the next poll: %s", failure);
                    }
                    return null;
                })
                .replaceWithVoid();
    }

    /** The lease, or null where its cluster could not be resumed. */
    private Uni<LeaseRow> resumeOverdue(LeaseRow lease) {
        LOG.warnf("snapshot=%s: the quiesce lease has run out, the cluster is resumed", lease.snapshotId());
        return resume(lease)
                .replaceWith(lease)
                .onFailure()
                .invoke(failure -> LOG.errorf(
                        "snapshot=%s: the cluster could not be resumed, tried again at the next poll: %s",
                        lease.snapshotId(), failure.getMessage()))
                .onFailure()
                .recoverWithNull();
    }
}
