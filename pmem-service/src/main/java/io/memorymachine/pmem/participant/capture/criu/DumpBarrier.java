package io.memorymachine.pmem.participant.capture.criu;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where the dumps of one capture wait for each other. The first failure opens every wait with an exception, and what
 * was registered to end the dumps is run, so that no dump outlives a failed one.
 */
final class DumpBarrier {
    private final AtomicInteger notReady;
    private final CompletableFuture<Void> allReady = new CompletableFuture<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final AtomicReference<Throwable> first = new AtomicReference<>();

    DumpBarrier(int dumps) {
        notReady = new AtomicInteger(dumps);
    }

    /** Says that one dump could begin, and waits until all could. */
    void awaitAllReady(long nanos) throws InterruptedException, TimeoutException, DumpAbortedException {
        if (notReady.decrementAndGet() == 0) {
            allReady.complete(null);
        }
        try {
            allReady.get(nanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException aborted) {
            throw new DumpAbortedException();
        }
    }

    /** Ends all waits; only the first failure counts. */
    void fail(Throwable reason) {
        if (first.compareAndSet(null, reason)) {
            allReady.completeExceptionally(reason);
            failure.complete(reason);
        }
    }

    boolean failed() {
        return first.get() != null;
    }

    /** The first failure; null where there is none. */
    Throwable firstFailure() {
        return first.get();
    }

    /** Runs the action at the first failure, or now where there was one. */
    void onFailure(Runnable action) {
        failure.thenRun(action);
    }

    /** This dump ends because another failed. */
    static final class DumpAbortedException extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
