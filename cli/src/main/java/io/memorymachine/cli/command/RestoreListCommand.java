package io.memorymachine.cli.command;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.output.OutputOptions;

/** Lists restores. */
@Command(name = "restores", description = "List restores.")
final class RestoreListCommand extends Verb {
    @Mixin
    private Selection selection;

    @Mixin
    private OutputOptions output;

    @Mixin
    private Watching watching;

    @Override
    public Integer call() {
        watching.print(this, output, Snapshots.restores(environment().clock()), this::restores);
        return ExitCode.OK;
    }

    private List<JsonNode> restores() {
        return selection.of(api().all(Operations.RESTORE.service(), Operations.RESTORE.path(), selection.query()));
    }
}
