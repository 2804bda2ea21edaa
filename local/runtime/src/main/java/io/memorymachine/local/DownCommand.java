package io.memorymachine.local;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;

/** Takes the system down. */
@Command(
        name = "down",
        description = "End and remove everything, snapshots included, and verify that nothing is left.",
        mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        SystemContext context = new SystemContext();
        int status = context.instead(() -> context.takeDown() ? 0 : Mm.FAILED);
        // A fault matrix that was killed may have left systems beside this one.
        for (SystemContext beside : context.besides()) {
            status = Math.max(status, beside.instead(() -> beside.takeDown() ? 0 : Mm.FAILED));
        }
        return status;
    }
}
