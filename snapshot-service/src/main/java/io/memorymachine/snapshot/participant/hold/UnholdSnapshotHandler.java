package io.memorymachine.snapshot.participant.hold;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;

import io.memorymachine.contract.snapshot.SnapshotCommand.UnholdSnapshot;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotUnheld;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.CommandHandler;
import io.memorymachine.participant.Outcome;
import io.memorymachine.snapshot.store.Holds;

/** Ends a restore's hold and its lock. */
@ApplicationScoped
public class UnholdSnapshotHandler implements CommandHandler<UnholdSnapshot> {
    private final Holds holds;

    @Inject
    UnholdSnapshotHandler(Holds holds) {
        this.holds = holds;
    }

    @Override
    public Class<UnholdSnapshot> commandType() {
        return UnholdSnapshot.class;
    }

    @Override
    public Uni<Outcome> handle(UnholdSnapshot command, CommandContext context) {
        return Uni.createFrom()
                .item(Outcome.reply(new SnapshotUnheld(command.restoreId()))
                        .storing(session -> holds.release(session, command.restoreId())));
    }
}
