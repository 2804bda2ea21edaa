package io.memorymachine.snapshot.orchestrate.delete;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.saga.engine.SagaEngine;
import io.memorymachine.snapshot.orchestrate.take.SnapshotProjection;
import io.memorymachine.snapshot.store.Catalogue;
import io.memorymachine.snapshot.store.SnapshotPhase;
import io.memorymachine.snapshot.store.SnapshotRow;

/** Takes requests to delete snapshots: the mark on the entry and the saga come into being together. */
@ApplicationScoped
public class Deletions {
    private final Mutiny.SessionFactory sessions;
    private final Catalogue catalogue;
    private final SagaEngine engine;
    private final DeletionProjection projection;
    private final SnapshotProjection snapshots;

    @Inject
    Deletions(
            Mutiny.SessionFactory sessions,
            Catalogue catalogue,
            SagaEngine engine,
            DeletionProjection projection,
            SnapshotProjection snapshots) {
        this.sessions = sessions;
        this.catalogue = catalogue;
        this.engine = engine;
        this.projection = projection;
        this.snapshots = snapshots;
    }

    /** What became of a request. */
    public enum Acceptance {
        /** A deletion was begun. */
        BEGUN,
        /** One was running already. */
        RUNNING,
        /** There is no such snapshot. */
        NOT_FOUND
    }

    /**
     * Begins a deletion.
     *
     * @param onBehalfOf the restore whose hold does not stand in the way, or null
     * @param origin the command to answer when it has ended, or null; not answered unless the result is BEGUN
     * @throws OperationFailedException (emitted) SNAPSHOT_IN_USE while a restore holds the snapshot, WORKLOAD_BUSY while it
     *     is being taken
     */
    public Uni<Acceptance> accept(UUID deletion, String name, String onBehalfOf, Correlation origin) {
        return sessions.withTransaction(session -> catalogue.lock(session, name).chain(row -> {
                    if (row == null) {
                        return Uni.createFrom().item(Acceptance.NOT_FOUND);
                    }
                    if (row.phase() == SnapshotPhase.DELETING) {
                        return Uni.createFrom()
                                .item(deletion.equals(row.deletionId()) ? Acceptance.BEGUN : Acceptance.RUNNING);
                    }
                    return begin(session, row, deletion, onBehalfOf, origin);
                }))
                .invoke(engine::sent);
    }

    private Uni<Acceptance> begin(
            Mutiny.Session session, SnapshotRow row, UUID deletion, String onBehalfOf, Correlation origin) {
        if (row.phase() == SnapshotPhase.RUNNING) {
            throw new OperationFailedException(
                    FailureReason.WORKLOAD_BUSY,
                    "Snapshot " + row.name() + " is being taken: cancel it, or wait for its end");
        }
        return catalogue
                .held(session, row.id(), onBehalfOf)
                .invoke(held -> {
                    if (held) {
                        throw new OperationFailedException(
                                FailureReason.SNAPSHOT_IN_USE, "Snapshot " + row.name() + " is being restored");
                    }
                })
                .chain(() -> nodes(session, row))
                .chain(nodes -> {
                    row.deleting(deletion);
                    return session.flush()
                            .chain(() -> engine.start(
                                    session,
                                    projection,
                                    deletion,
                                    row.name(),
                                    new DeletionData(row.id().toString(), row.name(), nodes),
                                    origin));
                })
                .replaceWith(Acceptance.BEGUN);
    }

    /** The nodes that the snapshot's members ran on: they may hold images, finished or not. */
    private Uni<List<String>> nodes(Mutiny.Session session, SnapshotRow row) {
        return engine.find(session, snapshots, row.id())
                .map(saga -> saga == null || saga.data().members() == null
                        ? List.of()
                        : saga.data().members().stream()
                                .map(MemberPlacement::node)
                                .distinct()
                                .sorted()
                                .toList());
    }
}
