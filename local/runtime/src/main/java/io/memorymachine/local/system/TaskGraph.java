package io.memorymachine.local.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.memorymachine.local.console.Console;
import io.memorymachine.local.process.StartFailedException;

/** Work of which each piece begins as soon as what it needs is done; all that can run at the same time does. */
final class TaskGraph {
    private static final Duration UNWIND_WITHIN = Duration.ofSeconds(60);

    private final Console console;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Void> firstFailure = new CompletableFuture<>();
    private final List<Task> tasks = new ArrayList<>();

    TaskGraph(Console console) {
        this.console = console;
    }

    /**
     * Adds a piece of work.
     *
     * @param work returns what to say beside the title when it is done
     * @param needs what has to be done first
     */
    Task add(String title, Callable<String> work, Task... needs) {
        CompletableFuture<?>[] before = new CompletableFuture<?>[needs.length + 1];
        before[0] = started;
        for (int i = 0; i < needs.length; i++) {
            before[i + 1] = needs[i].done;
        }
        Task task = new Task(CompletableFuture.allOf(before).thenRunAsync(() -> perform(title, work), threads));
        tasks.add(task);
        return task;
    }

    /**
     * Does everything. When this returns, by whatever way, nothing of it runs any more.
     *
     * @throws StartFailedException with the first failure; what was under way then was interrupted
     */
    void run() {
        CompletableFuture<Void> all =
                CompletableFuture.allOf(tasks.stream().map(Task::done).toArray(CompletableFuture<?>[]::new));
        started.complete(null);
        try {
            CompletableFuture.anyOf(all, firstFailure).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StartFailedException failure
                    ? failure
                    : new StartFailedException(String.valueOf(e.getCause().getMessage()), e.getCause());
        } finally {
            threads.shutdownNow();
            awaitThreads();
        }
    }

    private void perform(String title, Callable<String> work) {
        long from = System.nanoTime();
        try {
            String detail = work.call();
            console.done(title, Duration.ofNanos(System.nanoTime() - from), detail);
        } catch (Exception e) {
            StartFailedException failure = e instanceof StartFailedException known
                    ? known
                    : new StartFailedException(title + ": " + e.getMessage(), e);
            firstFailure.completeExceptionally(failure);
            throw failure;
        }
    }

    private void awaitThreads() {
        try {
            threads.awaitTermination(UNWIND_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A piece of work, to be named by those that need it. */
    record Task(CompletableFuture<Void> done) {}
}
