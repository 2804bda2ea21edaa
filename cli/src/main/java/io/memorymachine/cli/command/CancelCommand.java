package io.memorymachine.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import io.memorymachine.cli.ExitCode;

/** Cancels an operation that runs. */
@Command(
        name = "cancel",
        description =
                "Cancel a snapshot that is being taken, or a restore; everything is undone, the cluster resumed first.")
final class CancelCommand extends Verb {
    @Parameters(paramLabel = "NAME", description = "The snapshot's name, or the restore's.")
    private String name;

    @Mixin
    private Which which;

    @Override
    public Integer call() {
        Operations operations = which.operations();
        api().post(operations.service(), operations.path(name) + "/cancel", null);
        out().println(name + " is being cancelled");
        return ExitCode.OK;
    }
}
