package io.memorymachine.cli.command;

import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.FailedException;
import io.memorymachine.cli.Problems;

/** Says what a reason code means and what to do about it. */
@Command(name = "explain", description = "Say what a reason code means, and what to do about it.")
public final class ExplainCommand extends Verb {
    @Parameters(
            paramLabel = "REASON",
            arity = "0..1",
            description = "The code, as VOLUME_FULL; without one, all codes are listed.")
    private String reason;

    @Override
    public Integer call() {
        if (reason == null) {
            Problems.codes().forEach(out()::println);
            return ExitCode.OK;
        }
        List<String> section = Problems.section(reason)
                .orElseThrow(() -> new FailedException(
                        ExitCode.NOT_FOUND,
                        "",
                        "there is no reason " + reason + ": kubectl mvmcli explain lists them"));
        out().println(String.join("\n\n", section));
        out().println("\ndocs/problems.md#" + Problems.anchor(reason));
        return ExitCode.OK;
    }
}
