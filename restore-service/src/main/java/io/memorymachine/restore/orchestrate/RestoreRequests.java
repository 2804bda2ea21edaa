package io.memorymachine.restore.orchestrate;

import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.workload.Names;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.restore.store.Restores;
import io.memorymachine.saga.engine.SagaEngine;
import io.memorymachine.saga.state.Decision;
import io.memorymachine.saga.state.SagaState;

/** Takes requests for restores: the row and the saga come into being together, or not at all. */
@ApplicationScoped
public class RestoreRequests {
    private static final int LONGEST_NAME = 63;
    private static final int RANDOM_LETTERS = 5;

    private final Mutiny.SessionFactory sessions;
    private final Restores restores;
    private final SagaEngine engine;
    private final RestoreProjection projection;
    private final Clock clock;

    @Inject
    RestoreRequests(
            Mutiny.SessionFactory sessions,
            Restores restores,
            SagaEngine engine,
            RestoreProjection projection,
            Clock clock) {
        this.sessions = sessions;
        this.restores = restores;
        this.engine = engine;
        this.projection = projection;
        this.clock = clock;
    }

    /**
     * The name that a request stands for.
     *
     * @param name null for one made of the snapshot's name and five random letters
     * @param snapshot the snapshot's name
     * @throws OperationFailedException INVALID_NAME
     */
    public static String name(String name, String snapshot) {
        Names.requireLabel("snapshot", snapshot);
        if (name != null) {
            return Names.requireLabel("restore", name);
        }
        StringBuilder generated = new StringBuilder(
                        snapshot.substring(0, Math.min(snapshot.length(), LONGEST_NAME - RANDOM_LETTERS - 1)))
                .append('-');
        ThreadLocalRandom.current().ints(RANDOM_LETTERS, 'a', 'z' + 1).forEach(generated::appendCodePoint);
        return generated.toString();
    }

    /**
     * Accepts a request. A repetition with the same id is accepted without effect.
     *
     * @param id the saga's
     * @param name as {@link #name} returns it
     * @param workload the snapshot's workload where it is known, or null
     * @param origin the command to answer at the end, or null
     * @throws OperationFailedException (emitted) RESTORE_NAME_IN_USE, WORKLOAD_BUSY; then nothing is written
     */
    public Uni<UUID> accept(
            UUID id, String name, String snapshot, boolean safety, WorkloadRef workload, Correlation origin) {
        RestoreData data = RestoreData.requested(id.toString(), name, snapshot, safety);
        return sessions.withTransaction(session -> restores.add(session, id, name, snapshot, workload, clock.instant())
                        .chain(added -> added
                                ? engine.start(session, projection, id, name, data, origin)
                                        .replaceWithVoid()
                                : Uni.createFrom().voidItem()))
                .invoke(engine::sent)
                .replaceWith(id);
    }

    /**
     * Cancels a restore; one that is cancelled already stays so.
     *
     * @throws OperationFailedException (emitted) NOT_CANCELLABLE, with how far it has come
     */
    public Uni<Void> cancel(UUID id) {
        return engine.cancel(id)
                .chain(verdict -> verdict == Decision.Verdict.TAKEN
                        ? Uni.createFrom().voidItem()
                        : sessions.withSession(session -> engine.find(session, projection, id))
                                .invoke(RestoreRequests::requireCancelled)
                                .replaceWithVoid());
    }

    private static void requireCancelled(SagaState<RestoreData> saga) {
        if (saga.failure() != null && saga.failure().reason() == FailureReason.CANCELLED) {
            return;
        }
        String progress = switch (saga.phase()) {
            case RUNNING -> "is past its point of no return, in step " + saga.step();
            case COMPENSATING -> "has failed and is being undone, in step " + saga.step();
            case COMPLETED -> "has completed";
            case FAILED, CANCELLED, ROLLED_BACK -> "has failed and was undone";
        };
        throw new OperationFailedException(FailureReason.NOT_CANCELLABLE, "Restore " + saga.name() + " " + progress);
    }
}
