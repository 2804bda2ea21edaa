package io.memorymachine.cli.command;

import picocli.CommandLine.Option;

/** Whether a name is that of a snapshot or of a restore. */
final class Which {
    @Option(names = "--restore", description = "The name is that of a restore, not of a snapshot.")
    private boolean restore;

    Operations operations() {
        return restore ? Operations.RESTORE : Operations.SNAPSHOT;
    }
}
