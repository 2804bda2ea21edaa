package io.memorymachine.pmem.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.NoSpace;
import io.memorymachine.failure.OperationFailedException;

/**
 * An external command: an argument vector, never a line for a shell. Its standard output and error are read as one
 * text, its input is empty.
 */
public final class Command {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private final List<String> arguments;
    private final Duration timeout;

    private Command(List<String> arguments, Duration timeout) {
        this.arguments = List.copyOf(arguments);
        this.timeout = timeout;
    }

    /** A command that is given 30 seconds. */
    public static Command of(String... arguments) {
        return of(List.of(arguments));
    }

    /** A command that is given 30 seconds. */
    public static Command of(List<String> arguments) {
        return new Command(arguments, DEFAULT_TIMEOUT);
    }

    /** The same command with another limit. */
    public Command within(Duration limit) {
        return new Command(arguments, limit);
    }

    /**
     * Runs the command and waits. Where it takes too long or the thread is interrupted, it is killed first.
     *
     * @return its exit status and output, whatever the status is
     * @throws OperationFailedException TIMEOUT after the limit, CANCELLED when interrupted (the flag stays set)
     * @throws UncheckedIOException where it cannot be started
     */
    public Result run() {
        Process process = start();
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                throw new OperationFailedException(
                        FailureReason.TIMEOUT, "'" + this + "' took longer than " + timeout.toSeconds() + " s");
            }
            return new Result(process.exitValue(), output.join().strip());
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new OperationFailedException(FailureReason.CANCELLED, "'" + this + "' was interrupted", interrupted);
        }
    }

    /**
     * Runs the command, which has to succeed.
     *
     * @param reason what its failure means, where it does not speak of a full volume: that is VOLUME_FULL
     * @return its output
     * @throws OperationFailedException with the reason and the command's output, also where it cannot be started
     */
    public String orFail(FailureReason reason) {
        Result result;
        try {
            result = run();
        } catch (UncheckedIOException notStarted) {
            throw new OperationFailedException(
                    reason, "'" + arguments.get(0) + "' cannot be started: " + notStarted.getMessage(), notStarted);
        }
        if (result.status() != 0) {
            throw new OperationFailedException(
                    NoSpace.or(reason, result.output()),
                    "'" + this + "' ended with " + result.status() + ": " + result.output());
        }
        return result.output();
    }

    private Process start() {
        try {
            Process process =
                    new ProcessBuilder(arguments).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return String.join(" ", arguments);
    }

    /** How a command ended: its status (128 + signal where a signal ended it) and what it wrote, stripped. */
    public record Result(int status, String output) {
        /** Whether the status is 0. */
        public boolean succeeded() {
            return status == 0;
        }
    }
}
