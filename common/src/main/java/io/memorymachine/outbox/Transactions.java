package io.memorymachine.outbox;

import java.time.Duration;
import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.wire.MalformedMessageException;

/** Repeats what a database that is away for a moment has made fail: no reason to give a message up. */
public final class Transactions {
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);

    private Transactions() {}

    /**
     * The work, begun again up to four times within 1.5 s plus its own time, each time on the context of the subscriber. A
     * refusal, a malformed message and a broken contract ({@link IllegalStateException}) would fail again and fail at once.
     */
    public static <T> Uni<T> repeating(Supplier<Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            Context context = Vertx.currentContext();
            Uni<T> attempt = Uni.createFrom().deferred(() -> work.get());
            // A retry is begun by a timer's thread, and Hibernate's sessions belong to a context.
            Uni<T> onContext = context == null ? attempt : attempt.runSubscriptionOn(MutinyHelper.executor(context));
            return onContext
                    .onFailure(Transactions::mayPass)
                    .retry()
                    .withBackOff(FIRST_WAIT)
                    .atMost(ATTEMPTS - 1);
        });
    }

    private static boolean mayPass(Throwable failure) {
        return !(failure instanceof OperationFailedException
                || failure instanceof MalformedMessageException
                || failure instanceof IllegalStateException);
    }
}
