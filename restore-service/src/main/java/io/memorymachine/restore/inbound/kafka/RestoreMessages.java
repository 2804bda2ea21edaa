package io.memorymachine.restore.inbound.kafka;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

import io.memorymachine.participant.CommandDispatcher;
import io.memorymachine.saga.engine.ReplyIntake;
import io.memorymachine.saga.progress.SagaProgress;

/** Hands over what comes from Kafka. */
@ApplicationScoped
public class RestoreMessages {
    private final CommandDispatcher dispatcher;
    private final ReplyIntake replies;
    private final SagaProgress progress;

    @Inject
    RestoreMessages(CommandDispatcher dispatcher, ReplyIntake replies, SagaProgress progress) {
        this.dispatcher = dispatcher;
        this.replies = replies;
        this.progress = progress;
    }

    @Incoming("commands")
    Uni<Void> command(Message<byte[]> message) {
        return dispatcher.dispatch(message);
    }

    @Incoming("replies")
    Uni<Void> reply(Message<byte[]> message) {
        return replies.take(message);
    }

    /** Facts, read by every instance for those who follow progress there. */
    @Incoming("progress")
    Uni<Void> fact(Message<byte[]> message) {
        return progress.take(message);
    }
}
