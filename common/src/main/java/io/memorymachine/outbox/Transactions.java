package io.memorymachine.outbox;

import java.time.Duration;
import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.runtime.Outages;
import io.memorymachine.wire.MalformedMessageException;

/** Repeats what a database that is away has made fail: no reason to give a message up. */
public final class Transactions {
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    /** Well below the time after which the consumer takes an unacknowledged message for stuck. */
    private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(10);

    private Transactions() {}

    /**
     * The work, begun again for ten minutes while the database is away, and up to four times within 1.5 s plus its own time
     * after any other failure that may pass, each time on the context of the subscriber. A refusal, a malformed message and
     * a broken contract ({@link IllegalStateException}) would fail again and fail at once.
     */
    public static <T> Uni<T> repeating(Supplier<Uni<T>> work) {
        return Uni.createFrom()
                .deferred(() -> onContext(work)
                        .onFailure(Transactions::mayPass)
                        .retry()
                        .withBackOff(FIRST_WAIT)
                        .atMost(ATTEMPTS - 1)
                        .plug(Transactions::duringOutages));
    }

    /** The work, begun again for ten minutes while a backing service is away; every other failure is final. */
    public static <T> Uni<T> outliving(Supplier<Uni<T>> work) {
        return Uni.createFrom().deferred(() -> onContext(work).plug(Transactions::duringOutages));
    }

    /** A retry is begun by a timer's thread, and Hibernate's sessions belong to a context. */
    private static <T> Uni<T> onContext(Supplier<Uni<T>> work) {
        Context context = Vertx.currentContext();
        Uni<T> attempt = Uni.createFrom().deferred(() -> work.get());
        return context == null ? attempt : attempt.runSubscriptionOn(MutinyHelper.executor(context));
    }

    private static <T> Uni<T> duringOutages(Uni<T> work) {
        return work.onFailure(Outages::isOutage)
                .retry()
                .withBackOff(FIRST_WAIT, LONGEST_WAIT)
                .expireIn(LONGEST_OUTAGE.toMillis());
    }

    private static boolean mayPass(Throwable failure) {
        return !(failure instanceof OperationFailedException
                || failure instanceof MalformedMessageException
                || failure instanceof IllegalStateException
                || Outages.isOutage(failure));
    }
}
