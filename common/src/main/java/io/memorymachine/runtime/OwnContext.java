package io.memorymachine.runtime;

import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/**
 * Keeps work on the Vert.x context on which it began. Hibernate Reactive's sessions and the trace belong to a context, and
 * refuse or lose what goes on elsewhere: on the thread of an HTTP client, of a timer, or of another message.
 */
public final class OwnContext {
    private OwnContext() {}

    /** The work, whose result or failure is emitted on the context of the subscriber; anywhere where there is none. */
    public static <T> Uni<T> returning(Supplier<Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            Context context = Vertx.currentContext();
            Uni<T> uni = Uni.createFrom().deferred(() -> work.get());
            return context == null ? uni : uni.emitOn(MutinyHelper.executor(context));
        });
    }
}
