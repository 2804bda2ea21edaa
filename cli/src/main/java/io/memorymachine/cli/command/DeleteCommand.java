package io.memorymachine.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.FailedException;
import io.memorymachine.client.ProblemException;
import io.memorymachine.client.Progress;
import io.memorymachine.client.UnreachableException;

/** Deletes snapshots. */
@Command(name = "delete", description = "Delete snapshots with their images.")
final class DeleteCommand extends Verb {
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "The snapshots' names.")
    private List<String> names;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Option(
            names = "--wait",
            paramLabel = "true|false",
            arity = "0..1",
            defaultValue = "true",
            fallbackValue = "true",
            description = "Whether to wait until they are gone (${DEFAULT-VALUE}).")
    private boolean wait;

    @Override
    public Integer call() {
        for (String name : names) {
            JsonNode snapshot = Operations.SNAPSHOT.get(api(), name);
            if (!yes && !confirmed(snapshot)) {
                throw new FailedException(ExitCode.FAILED, "", "snapshot " + name + " is left as it is");
            }
            api().delete(Operations.SNAPSHOT.service(), Operations.SNAPSHOT.path(name));
            if (wait) {
                awaitGone(name);
            }
            out().println("snapshot " + name + (wait ? " is deleted" : " is being deleted"));
            out().flush();
        }
        return ExitCode.OK;
    }

    private boolean confirmed(JsonNode snapshot) {
        err().print("Delete snapshot " + snapshot.path("name").asText() + " of "
                + snapshot.path("namespace").asText() + "/"
                + snapshot.path("statefulset").asText() + " in "
                + api().installation().description() + "? [y/N] ");
        err().flush();
        try {
            String answer = environment().in().readLine();
            if (answer == null) {
                err().println();
                throw new FailedException(ExitCode.USAGE, "", "nobody is there to ask: say --yes to delete without");
            }
            String given = answer.strip().toLowerCase(Locale.ROOT);
            return given.equals("y") || given.equals("yes");
        } catch (IOException e) {
            throw new UncheckedIOException("the answer cannot be read", e);
        }
    }

    private void awaitGone(String name) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                JsonNode snapshot = Operations.SNAPSHOT.get(api(), name);
                if (snapshot.path("phase").asText().equals("delete-failed")) {
                    Progress.Failure why = Progress.Failure.of(snapshot.path("failure"))
                            .orElse(new Progress.Failure("", "the service does not say why"));
                    throw new FailedException(
                            ExitCode.OPERATION_FAILED, why.reason(), name + " cannot be deleted: " + why.message());
                }
                Thread.sleep(LOOK_EVERY.toMillis());
            } catch (ProblemException refused) {
                if (refused.status() == 404) {
                    return;
                }
                throw refused;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnreachableException("interrupted while waiting for the end of " + name, e);
            }
        }
        throw new FailedException(ExitCode.UNAVAILABLE, "", name + " is still being deleted");
    }
}
