package io.memorymachine.snapshot.participant.hold;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.snapshot.SnapshotCommand.UnholdSnapshot;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotUnheld;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.CommandHandler;
import io.memorymachine.participant.Outcome;
import io.memorymachine.snapshot.store.WorkloadLocks;

/** Ends a restore's hold and its lock. */
@ApplicationScoped
public class UnholdSnapshotHandler implements CommandHandler<UnholdSnapshot> {
    private final WorkloadLocks locks;

    @Inject
    UnholdSnapshotHandler(WorkloadLocks locks) {
        this.locks = locks;
    }

    @Override
    public Class<UnholdSnapshot> commandType() {
        return UnholdSnapshot.class;
    }

    @Override
    public Uni<Outcome> handle(UnholdSnapshot command, CommandContext context) {
        return Uni.createFrom()
                .item(Outcome.reply(new SnapshotUnheld(command.restoreId()))
                        .storing(session -> release(session, command.restoreId())));
    }

    private Uni<Void> release(Mutiny.Session session, String restoreId) {
        return session.createMutationQuery("delete from HoldRow where restoreId = :restore")
                .setParameter("restore", restoreId)
                .executeUpdate()
                .chain(() -> locks.release(session, restoreId));
    }
}
