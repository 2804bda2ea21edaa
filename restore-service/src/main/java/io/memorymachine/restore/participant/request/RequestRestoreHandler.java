package io.memorymachine.restore.participant.request;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;

import io.memorymachine.contract.restore.RestoreCommand.RequestRestore;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.CommandHandler;
import io.memorymachine.participant.Outcome;
import io.memorymachine.restore.orchestrate.RestoreRequests;

/**
 * Begins a restore that somebody asks for by a command; the saga's end is the reply. Whether the snapshot can be restored
 * is left to the saga's first step.
 */
@ApplicationScoped
public class RequestRestoreHandler implements CommandHandler<RequestRestore> {
    private final RestoreRequests requests;

    @Inject
    RequestRestoreHandler(RestoreRequests requests) {
        this.requests = requests;
    }

    @Override
    public Class<RequestRestore> commandType() {
        return RequestRestore.class;
    }

    @Override
    public Uni<Outcome> handle(RequestRestore command, CommandContext context) {
        // The same for each repetition, so that a repetition finds the restore that the first one began.
        UUID id = UUID.nameUUIDFromBytes(context.commandKey().getBytes(StandardCharsets.UTF_8));
        return requests.accept(
                        id,
                        RestoreRequests.name(command.name(), command.snapshot()),
                        command.snapshot(),
                        command.safetySnapshot(),
                        null,
                        context.correlation())
                .replaceWith(new Outcome(null, List.of(), null));
    }
}
