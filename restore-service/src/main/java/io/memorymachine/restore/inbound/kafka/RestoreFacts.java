package io.memorymachine.restore.inbound.kafka;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

import io.memorymachine.saga.progress.SagaProgress;

/** Lets those who follow a restore know that it has moved, whichever instance moved it. */
@ApplicationScoped
public class RestoreFacts {
    private final SagaProgress progress;

    @Inject
    RestoreFacts(SagaProgress progress) {
        this.progress = progress;
    }

    @Incoming("facts")
    Uni<Void> consume(Message<byte[]> received) {
        return progress.take(received);
    }
}
