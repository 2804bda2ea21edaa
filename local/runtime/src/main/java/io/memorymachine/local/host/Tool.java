package io.memorymachine.local.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The end of a program of the host.
 *
 * @param status 127 where there is no such program
 * @param output stdout and stderr, stripped
 */
public record Tool(int status, String output) {
    private static final int NOT_FOUND = 127;
    private static final int TIMED_OUT = 124;
    private static final int BOUND_SECONDS = 60;

    /** Runs a program to its end, for a minute at most. */
    public static Tool run(String... command) {
        return run(List.of(command));
    }

    /** Runs a program to its end, for a minute at most. */
    public static Tool run(List<String> command) {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
        } catch (IOException e) {
            return new Tool(NOT_FOUND, command.get(0) + " cannot be run: " + e.getMessage());
        }
        try {
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process));
            if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
                return new Tool(TIMED_OUT, command.get(0) + " did not end within " + BOUND_SECONDS + " s");
            }
            return new Tool(process.exitValue(), output.join().strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command.get(0) + " ran", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Whether it ended well. */
    public boolean ok() {
        return status == 0;
    }

    /**
     * Itself.
     *
     * @throws UncheckedIOException with what it said, if it failed
     */
    public Tool orFail(String what) {
        if (!ok()) {
            throw new UncheckedIOException(new IOException(what + ": " + output));
        }
        return this;
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            // The program was killed; its status tells that.
            return "";
        }
    }
}
