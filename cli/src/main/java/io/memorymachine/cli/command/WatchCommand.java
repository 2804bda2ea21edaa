package io.memorymachine.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import io.memorymachine.cli.ExitCode;

/** Shows an operation's steps from its beginning to its end. */
@Command(name = "watch", description = "Show the steps of a snapshot or restore from its beginning to its end.")
final class WatchCommand extends Verb {
    @Parameters(paramLabel = "NAME", description = "The snapshot's name, or the restore's.")
    private String name;

    @Mixin
    private Which which;

    @Override
    public Integer call() {
        JsonNode ended = which.operations().watch(this, null, name);
        if (which.operations().succeeded(ended)) {
            out().println(name + " is " + ended.path("phase").asText());
            return ExitCode.OK;
        }
        throw which.operations().failure(ended);
    }
}
