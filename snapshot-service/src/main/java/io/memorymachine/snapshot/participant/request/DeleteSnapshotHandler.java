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
import io.memorymachine.snapshot.orchestrate.take.SnapshotRequests;

/** Begins a deletion that another service asks for; the saga's end is the reply. */
@ApplicationScoped
public class DeleteSnapshotHandler implements CommandHandler<DeleteSnapshot> {
    private final Deletions deletions;
    private final SnapshotRequests requests;

    @Inject
    DeleteSnapshotHandler(Deletions deletions, SnapshotRequests requests) {
        this.deletions = deletions;
        this.requests = requests;
    }

    @Override
    public Class<DeleteSnapshot> commandType() {
        return DeleteSnapshot.class;
    }

    @Override
    public Uni<Outcome> handle(DeleteSnapshot command, CommandContext context) {
        return deletions
                .accept(CommandIds.of(context), command.name(), command.onBehalfOf(), context.correlation())
                .onFailure(DeleteSnapshotHandler::isBusy)
                .recoverWithUni(busy -> whileItIsTaken(command, busy))
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

    private static boolean isBusy(Throwable failure) {
        return failure instanceof OperationFailedException refused && refused.reason() == FailureReason.WORKLOAD_BUSY;
    }

    /** A restore that gives up while its safety snapshot is being taken wants none: the next attempt finds it undone. */
    private Uni<Deletions.Acceptance> whileItIsTaken(DeleteSnapshot command, Throwable busy) {
        return requests.cancelFor(command.onBehalfOf(), command.name())
                .chain(() -> Uni.createFrom()
                        .failure(OperationFailedException.transientFailure(
                                FailureReason.WORKLOAD_BUSY, busy.getMessage(), busy)));
    }
}
