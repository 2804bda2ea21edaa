package io.memorymachine.cli.command;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.FailedException;
import io.memorymachine.cli.output.Amounts;
import io.memorymachine.cli.output.Column;
import io.memorymachine.cli.output.Kind;
import io.memorymachine.cli.output.OutputOptions;
import io.memorymachine.client.Progress;

/** Verifies a snapshot. */
@Command(
        name = "verify",
        description = "Read every file of a snapshot and compare it with the checksum that it was sealed with.")
final class VerifyCommand extends Verb {
    private static final Kind VERIFICATION = new Kind(
            "clustersnap",
            entry -> entry.path("name").asText(),
            List.of(
                    Column.of("NAME", "name"),
                    Column.of("WHOLE", "whole"),
                    Column.of("CHECKED", entry -> Amounts.size(entry.path("checkedBytes"))),
                    Column.of("TOOK", entry -> Amounts.took(entry.path("micros"))),
                    Column.of(
                            "REASON",
                            entry -> entry.path("failure").path("reason").asText(""))));

    @Parameters(paramLabel = "NAME", description = "The snapshot's name.")
    private String name;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        JsonNode verified =
                api().check(Operations.SNAPSHOT.service(), Operations.SNAPSHOT.path(name) + "/verify", null);
        output.one(out(), VERIFICATION, verified);
        Optional<Progress.Failure> defect = Progress.Failure.of(verified.path("failure"));
        if (defect.isPresent()) {
            throw new FailedException(
                    ExitCode.OPERATION_FAILED,
                    defect.get().reason(),
                    defect.get().message());
        }
        return ExitCode.OK;
    }
}
