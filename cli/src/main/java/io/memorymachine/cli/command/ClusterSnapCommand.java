package io.memorymachine.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The verbs on snapshots of whole clusters. */
@Command(
        name = "clustersnap",
        description = "Take, list, restore, verify and delete snapshots of whole clusters.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CreateCommand.class,
            SnapshotListCommand.class,
            DescribeCommand.class,
            WatchCommand.class,
            RestoreCommand.class,
            RestoreListCommand.class,
            VerifyCommand.class,
            CancelCommand.class,
            DeleteCommand.class
        })
public final class ClusterSnapCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand");
    }
}
