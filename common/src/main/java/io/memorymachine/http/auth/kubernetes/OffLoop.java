package io.memorymachine.http.auth.kubernetes;

import java.util.concurrent.Callable;

import io.smallrye.mutiny.Uni;

/** Runs what blocks off the event loop, and goes on where the caller was. */
public interface OffLoop {
    /** The result of the work, or its failure. */
    <T> Uni<T> run(Callable<T> work);
}
