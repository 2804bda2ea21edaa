package io.memorymachine.cli.progress;

import java.io.PrintWriter;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;

import io.memorymachine.client.Api;
import io.memorymachine.client.Follower;
import io.memorymachine.client.Service;

/** Watches an operation to its end. An interrupt ends the watching; the operation is the services' and goes on. */
public final class WatchedOperation {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private WatchedOperation() {}

    /**
     * Shows the steps and returns the operation as it ended.
     *
     * @param what as it is called in a message: {@code snapshot monday}
     * @param comeBack the command with which the watching is taken up again
     * @param cancel the command with which the operation is cancelled
     */
    public static JsonNode watch(
            Api api,
            Service service,
            String events,
            PrintWriter out,
            boolean terminal,
            String what,
            String comeBack,
            String cancel) {
        StepLines lines = new StepLines(out, terminal);
        Thread farewell = new Thread(() -> {
            lines.close();
            out.println("The watching ends; " + what + " goes on.");
            out.println("  Watch it again: " + comeBack);
            out.println("  Cancel it:      " + cancel);
            out.flush();
        });
        Runtime.getRuntime().addShutdownHook(farewell);
        try {
            return new Follower(api, PATIENCE, lines).follow(service, events);
        } finally {
            lines.close();
            dismiss(farewell);
        }
    }

    private static void dismiss(Thread farewell) {
        try {
            Runtime.getRuntime().removeShutdownHook(farewell);
        } catch (IllegalStateException e) {
            // The JVM ends already: it is what the hook is for.
        }
    }
}
