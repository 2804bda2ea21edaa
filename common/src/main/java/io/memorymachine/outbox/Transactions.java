package io.memorymachine.outbox;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
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
            AtomicInteger failures = new AtomicInteger();
            return Uni.createFrom()
                    .deferred(() -> work.get())
                    .onFailure(Transactions::mayPass)
                    .retry()
                    .when(all -> all.onItem()
                            .transformToUniAndConcatenate(
                                    failure -> wait(failure, failures.incrementAndGet(), context)));
        });
    }

    private static Uni<Integer> wait(Throwable failure, int failures, Context context) {
        if (failures == ATTEMPTS) {
            return Uni.createFrom().failure(failure);
        }
        Uni<Integer> waiting =
                Uni.createFrom().item(failures).onItem().delayIt().by(FIRST_WAIT.multipliedBy(1L << (failures - 1)));
        return context == null ? waiting : waiting.emitOn(MutinyHelper.executor(context));
    }

    private static boolean mayPass(Throwable failure) {
        return !(failure instanceof OperationFailedException
                || failure instanceof MalformedMessageException
                || failure instanceof IllegalStateException);
    }
}
