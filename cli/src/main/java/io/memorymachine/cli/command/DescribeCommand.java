package io.memorymachine.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.output.OutputOptions;

/** Shows everything that is known of a snapshot or restore. */
@Command(name = "describe", description = "Show everything that is known of a snapshot or restore.")
final class DescribeCommand extends Verb {
    @Parameters(paramLabel = "NAME", description = "The snapshot's name, or the restore's.")
    private String name;

    @Mixin
    private Which which;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Operations operations = which.operations();
        JsonNode view = operations.get(api(), name);
        if (!output.format().isTable()) {
            output.one(
                    out(),
                    operations == Operations.RESTORE
                            ? Snapshots.restores(environment().clock())
                            : Snapshots.kind(environment().clock()),
                    view);
            return ExitCode.OK;
        }
        Description description = new Description(out());
        if (operations == Operations.RESTORE) {
            description.restore(view);
        } else {
            description.snapshot(view);
        }
        return ExitCode.OK;
    }
}
