package io.memorymachine.restore.inbound.kafka;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

import io.memorymachine.participant.CommandDispatcher;

/** Hands this service's commands to the dispatcher. */
@ApplicationScoped
public class RestoreCommands {
    private final CommandDispatcher dispatcher;

    @Inject
    RestoreCommands(CommandDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Incoming("commands")
    Uni<Void> consume(Message<byte[]> received) {
        return dispatcher.dispatch(received);
    }
}
