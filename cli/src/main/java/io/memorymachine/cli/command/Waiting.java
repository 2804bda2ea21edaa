package io.memorymachine.cli.command;

import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Option;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.FailedException;
import io.memorymachine.cli.output.OutputOptions;

/** Waits for the end of an operation that was begun, or does not. */
final class Waiting {
    @Option(
            names = "--wait",
            paramLabel = "true|false",
            arity = "0..1",
            defaultValue = "true",
            fallbackValue = "true",
            description = "Whether to wait for the end, and show the steps (${DEFAULT-VALUE}).")
    private boolean wait;

    /**
     * Shows an operation to its end, or with {@code --wait=false} only that it has begun.
     *
     * @param accepted as the service has answered
     * @param begun the sentence for who does not wait
     * @param title the line above the steps; where that is follows
     * @param ended the sentence for an operation that ended well
     * @throws FailedException if it ended otherwise
     */
    int end(
            Verb verb,
            OutputOptions output,
            Operations operation,
            JsonNode accepted,
            String begun,
            String title,
            Function<JsonNode, String> ended) {
        boolean table = output.format().isTable();
        if (!wait) {
            print(verb, output, operation, accepted, begun);
            return ExitCode.OK;
        }
        if (table) {
            verb.out().println(title + " in " + verb.api().installation().description());
            verb.out().flush();
        }
        JsonNode end = operation.watch(verb, output, accepted.path("name").asText());
        boolean succeeded = operation.succeeded(end);
        if (succeeded || !table) {
            print(verb, output, operation, end, succeeded ? ended.apply(end) : "");
        }
        if (!succeeded) {
            throw operation.failure(end);
        }
        return ExitCode.OK;
    }

    private static void print(Verb verb, OutputOptions output, Operations operation, JsonNode view, String sentence) {
        if (output.format().isTable()) {
            verb.out().println(sentence);
        } else {
            output.one(verb.out(), operation.kind(verb.environment().clock()), view);
        }
    }
}
