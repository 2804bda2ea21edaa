package io.memorymachine.snapshot.participant.request;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;

import io.memorymachine.contract.snapshot.SnapshotCommand.RequestSnapshot;
import io.memorymachine.contract.workload.Names;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.CommandHandler;
import io.memorymachine.participant.Outcome;
import io.memorymachine.snapshot.orchestrate.take.SnapshotRequests;

/** Begins a snapshot that another service asks for; the saga's end is the reply. */
@ApplicationScoped
public class RequestSnapshotHandler implements CommandHandler<RequestSnapshot> {
    private final SnapshotRequests requests;

    @Inject
    RequestSnapshotHandler(SnapshotRequests requests) {
        this.requests = requests;
    }

    @Override
    public Class<RequestSnapshot> commandType() {
        return RequestSnapshot.class;
    }

    @Override
    public Uni<Outcome> handle(RequestSnapshot command, CommandContext context) {
        Names.requireLabel("snapshot", command.name());
        return requests.accept(
                        CommandIds.of(context),
                        command.name(),
                        command.workload(),
                        command.profile(),
                        command.encrypted(),
                        command.onBehalfOf(),
                        context.correlation())
                .replaceWith(new Outcome(null, List.of(), null));
    }
}
