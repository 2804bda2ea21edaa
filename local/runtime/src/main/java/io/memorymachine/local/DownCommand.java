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
        int status = down(context);
        // A fault matrix that was killed may have left systems beside this one.
        for (SystemContext beside : context.besides()) {
            status = Math.max(status, down(beside));
        }
        return status;
    }

    private static int down(SystemContext system) {
        return system.instead(() -> system.takeDown() ? 0 : Mm.FAILED);
    }
}
