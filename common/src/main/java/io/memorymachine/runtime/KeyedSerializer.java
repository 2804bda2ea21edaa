package io.memorymachine.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;

/**
 * Runs work of one key in the order of its arrival, and work of different keys side by side: the messages of one saga must
 * not overtake each other, and a long seal of one workload must not delay the resume of another.
 */
public final class KeyedSerializer {
    private final Map<String, CompletableFuture<Void>> tails = new HashMap<>();

    /** Runs the work when all earlier work of the key is over, however that ended. Emits when the work is over. */
    public Uni<Void> submit(String key, Supplier<Uni<Void>> work) {
        return Uni.createFrom().deferred(() -> {
            CompletableFuture<Void> mine = new CompletableFuture<>();
            CompletableFuture<Void> before = append(key, mine);
            // Back onto this message's own context: the one of the message before holds that one's session and trace.
            Uni<Void> turn = before == null
                    ? Uni.createFrom().voidItem()
                    : OwnContext.returning(() -> Uni.createFrom().completionStage(before));
            return turn.chain(work::get).eventually(() -> {
                remove(key, mine);
                mine.complete(null);
            });
        });
    }

    private synchronized CompletableFuture<Void> append(String key, CompletableFuture<Void> tail) {
        return tails.put(key, tail);
    }

    private synchronized void remove(String key, CompletableFuture<Void> tail) {
        tails.remove(key, tail);
    }
}
