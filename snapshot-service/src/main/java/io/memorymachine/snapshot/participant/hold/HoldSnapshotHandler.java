package io.memorymachine.snapshot.participant.hold;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.snapshot.SnapshotCommand.HoldSnapshot;
import io.memorymachine.contract.snapshot.SnapshotManifest;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotHeld;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.CommandHandler;
import io.memorymachine.participant.Outcome;
import io.memorymachine.snapshot.store.Catalogue;
import io.memorymachine.snapshot.store.HoldRow;
import io.memorymachine.snapshot.store.SnapshotRow;
import io.memorymachine.snapshot.store.WorkloadLocks;

/** Locks the workload for a restore and pins the snapshot, in one transaction; a repetition finds both done. */
@ApplicationScoped
public class HoldSnapshotHandler implements CommandHandler<HoldSnapshot> {
    private final Mutiny.SessionFactory sessions;
    private final Catalogue catalogue;
    private final WorkloadLocks locks;
    private final Clock clock;

    @Inject
    HoldSnapshotHandler(Mutiny.SessionFactory sessions, Catalogue catalogue, WorkloadLocks locks, Clock clock) {
        this.sessions = sessions;
        this.catalogue = catalogue;
        this.locks = locks;
        this.clock = clock;
    }

    @Override
    public Class<HoldSnapshot> commandType() {
        return HoldSnapshot.class;
    }

    @Override
    public Uni<Outcome> handle(HoldSnapshot command, CommandContext context) {
        return sessions.withTransaction(session -> catalogue
                .lock(session, command.name())
                .onItem()
                .ifNull()
                .failWith(() -> new OperationFailedException(
                        FailureReason.SNAPSHOT_NOT_FOUND, "There is no snapshot " + command.name()))
                .chain(row -> hold(session, row, command)));
    }

    private Uni<Outcome> hold(Mutiny.Session session, SnapshotRow row, HoldSnapshot command) {
        SnapshotManifest manifest = catalogue.manifest(row);
        return locks.take(session, row.workloadRef(), "restore", command.restoreId(), command.restoreName())
                .chain(() -> session.find(HoldRow.class, command.restoreId()))
                .chain(existing -> existing != null
                        ? Uni.createFrom().voidItem()
                        : session.persist(new HoldRow(command.restoreId(), row.id(), clock.instant())))
                .replaceWith(Outcome.reply(new SnapshotHeld(command.restoreId(), manifest)));
    }
}
