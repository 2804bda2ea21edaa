package io.memorymachine.pmem.inbound.kafka;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

import io.memorymachine.participant.CommandDispatcher;

/** Hands over what comes from Kafka. */
@ApplicationScoped
public class PmemMessages {
    private final CommandDispatcher dispatcher;

    @Inject
    PmemMessages(CommandDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Incoming("commands")
    Uni<Void> command(Message<byte[]> message) {
        return dispatcher.dispatch(message);
    }
}
