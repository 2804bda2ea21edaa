package io.memorymachine.cli.command;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.output.OutputOptions;

/** Lists snapshots. */
@Command(name = "list", description = "List snapshots.")
final class SnapshotListCommand extends Verb {
    @Mixin
    private Selection selection;

    @Mixin
    private OutputOptions output;

    @Mixin
    private Watching watching;

    @Override
    public Integer call() {
        watching.print(this, output, Snapshots.kind(environment().clock()), this::snapshots);
        return ExitCode.OK;
    }

    private List<JsonNode> snapshots() {
        return selection.of(api().all(Operations.SNAPSHOT.service(), Operations.SNAPSHOT.path(), selection.query()));
    }
}
