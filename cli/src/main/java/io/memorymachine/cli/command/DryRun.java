package io.memorymachine.cli.command;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Option;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.FailedException;
import io.memorymachine.cli.output.Amounts;
import io.memorymachine.cli.output.Kind;
import io.memorymachine.cli.output.OutputOptions;
import io.memorymachine.client.Progress;

/** Runs every check, prints the plan and the first reason against it, and touches nothing. */
final class DryRun {
    @Option(names = "--dry-run", description = "Run every check, print the plan, and change nothing.")
    private boolean dryRun;

    boolean wanted() {
        return dryRun;
    }

    /** Prints a plan as the service answered it; complains where something is against it. */
    int print(Verb verb, OutputOptions output, JsonNode plan) {
        if (!output.format().isTable()) {
            output.one(verb.out(), new Kind("plan", entry -> entry.path("name").asText(), List.of()), plan);
        } else {
            verb.out()
                    .println("Checks of " + plan.path("operation").asText() + " "
                            + plan.path("name").asText() + ":");
            for (JsonNode check : plan.path("checks")) {
                boolean passed = check.path("status").asText().equals("finished");
                verb.out()
                        .println(("  " + (passed ? "ok" : "XX") + "  "
                                        + String.format(
                                                "%-24s%9s",
                                                check.path("name").asText(), Amounts.took(check.path("micros"))))
                                .stripTrailing());
            }
            verb.out().println("Steps that would follow:");
            plan.path("steps").forEach(step -> verb.out().println("  " + step.asText()));
            for (JsonNode member : plan.path("members")) {
                verb.out()
                        .println("Member " + member.path("pod").asText() + " on "
                                + member.path("node").asText() + " at "
                                + member.path("ip").asText("an unknown address"));
            }
        }
        verb.out().flush();
        Optional<Progress.Failure> against = Progress.Failure.of(plan.path("failure"));
        if (against.isPresent()) {
            throw new FailedException(
                    ExitCode.CONFLICT,
                    against.get().reason(),
                    "it would be refused: " + against.get().message());
        }
        if (output.format().isTable()) {
            verb.out().println("Nothing is against it. Nothing was changed.");
        }
        return ExitCode.OK;
    }
}
