package io.memorymachine.platform.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a short-lived tool of the host (ip, mount, runc) and waits for it, with a bound. */
final class HostCommand {
    private static final Duration AT_MOST = Duration.ofSeconds(30);

    private HostCommand() {}

    /**
     * Runs a command; what it prints is for the message only.
     *
     * @throws LocalPlatformException if it cannot be started, exits with another status than 0, or is not done in time
     */
    static void run(String... command) {
        Outcome outcome = attempt("", command);
        if (outcome.status() != 0) {
            throw failure(outcome, command);
        }
    }

    /** Runs a command with text on its stdin. */
    static void runWithInput(String input, String... command) {
        Outcome outcome = attempt(input, command);
        if (outcome.status() != 0) {
            throw failure(outcome, command);
        }
    }

    /**
     * Runs a command whose failure the caller judges by the state that it leaves, not by its status: removals of what
     * may be gone already.
     */
    static Outcome attempt(String input, String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> readAll(process));
                process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().close();
                if (!process.waitFor(AT_MOST.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new LocalPlatformException(
                            String.join(" ", command) + ": not done after " + AT_MOST.toSeconds() + " s");
                }
                return new Outcome(process.exitValue(), output.join().strip());
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new LocalPlatformException(String.join(" ", command) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalPlatformException(String.join(" ", command) + ": interrupted", e);
        }
    }

    private static String readAll(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(output lost: " + e.getMessage() + ")";
        }
    }

    private static LocalPlatformException failure(Outcome outcome, String... command) {
        return new LocalPlatformException(
                String.join(" ", List.of(command)) + " failed (" + outcome.status() + "): " + outcome.output());
    }

    /** What a command said, stdout and stderr together, and its exit status. */
    record Outcome(int status, String output) {}
}
