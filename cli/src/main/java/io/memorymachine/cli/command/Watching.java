package io.memorymachine.cli.command;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Option;

import io.memorymachine.cli.output.Kind;
import io.memorymachine.cli.output.OutputOptions;
import io.memorymachine.client.UnreachableException;

/** Prints a list once, or with {@code -w} until it is interrupted. */
final class Watching {
    /** There are no events of lists: this is how often one is asked for. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    @Option(
            names = {"-w", "--watch"},
            description = "Go on, and print what changes, until interrupted.")
    private boolean watch;

    void print(Verb verb, OutputOptions output, Kind kind, Supplier<List<JsonNode>> list) {
        if (!watch) {
            List<JsonNode> entries = list.get();
            if (entries.isEmpty() && output.format().isTable()) {
                verb.err().println("There are none.");
                return;
            }
            output.list(verb.out(), kind, entries);
            return;
        }
        OutputOptions.Watch printed = output.watch(verb.out(), kind);
        // Also ends where nobody reads any more.
        while (!verb.out().checkError()) {
            printed.update(list.get());
            try {
                Thread.sleep(INTERVAL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnreachableException("interrupted while watching", e);
            }
        }
    }
}
