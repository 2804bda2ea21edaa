package io.memorymachine.snapshot.participant.request;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;

import io.memorymachine.contract.snapshot.SnapshotCommand.DeleteSnapshot;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotDeleted;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.CommandHandler;
import io.memorymachine.participant.Outcome;
import io.memorymachine.snapshot.orchestrate.delete.Deletions;

/** Begins a deletion that another service asks for; the saga's end is the reply. */
@ApplicationScoped
public class DeleteSnapshotHandler implements CommandHandler<DeleteSnapshot> {
    private final Deletions deletions;

    @Inject
    DeleteSnapshotHandler(Deletions deletions) {
        this.deletions = deletions;
    }

    @Override
    public Class<DeleteSnapshot> commandType() {
        return DeleteSnapshot.class;
    }

    @Override
    public Uni<Outcome> handle(DeleteSnapshot command, CommandContext context) {
        return deletions
                .accept(CommandIds.of(context), command.name(), context.correlation())
                .map(acceptance -> switch (acceptance) {
                    case BEGUN -> new Outcome(null, List.of(), null);
                    case NOT_FOUND -> Outcome.reply(new SnapshotDeleted(command.name()));
                    case RUNNING ->
                        throw OperationFailedException.transientFailure(
                                FailureReason.WORKLOAD_BUSY,
                                "Snapshot " + command.name() + " is being deleted for somebody else",
                                null);
                });
    }
}
