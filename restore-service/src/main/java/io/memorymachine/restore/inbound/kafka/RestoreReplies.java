package io.memorymachine.restore.inbound.kafka;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

import io.memorymachine.saga.engine.ReplyIntake;

/** Hands the participants' replies to the saga engine. */
@ApplicationScoped
public class RestoreReplies {
    private final ReplyIntake intake;

    @Inject
    RestoreReplies(ReplyIntake intake) {
        this.intake = intake;
    }

    @Incoming("replies")
    Uni<Void> consume(Message<byte[]> received) {
        return intake.take(received);
    }
}
