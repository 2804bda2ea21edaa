package io.memorymachine.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.FailedException;
import io.memorymachine.cli.output.Amounts;
import io.memorymachine.cli.output.Column;
import io.memorymachine.cli.output.Kind;
import io.memorymachine.cli.output.OutputOptions;
import io.memorymachine.client.Progress;
import io.memorymachine.client.Service;

/** The verbs on the licence. */
@Command(
        name = "license",
        description = "Show, install and verify licences.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {LicenseCommand.Show.class, LicenseCommand.Install.class, LicenseCommand.Verify.class})
public final class LicenseCommand implements Runnable {
    private static final String PATH = "api/v1/license";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand");
    }

    private static Kind kind(Clock clock, String status) {
        return new Kind(
                "license",
                entry -> entry.path("license").path("id").asText(""),
                List.of(
                        Column.of("STATUS", status),
                        Column.of("HOLDER", entry -> terms(entry, "holder")),
                        Column.of("NODES", entry -> terms(entry, "nodes")),
                        Column.of(
                                "PMEM",
                                entry -> Amounts.size(entry.path("license").path("pmemBytes"))),
                        Column.of(
                                "USED",
                                entry -> Amounts.size(entry.path("usage").path("usedBytes"))),
                        Column.of("EXPIRES", entry -> terms(entry, "expires")),
                        Column.of("LEFT", entry -> left(entry, clock)),
                        Column.of(
                                "REASON",
                                entry -> entry.path("failure").path("reason").asText("")),
                        Column.wide("ID", entry -> terms(entry, "id")),
                        Column.wide("FEATURES", LicenseCommand::features),
                        Column.wide("DEVELOPMENT", entry -> terms(entry, "development")),
                        Column.wide("SOURCE", entry -> entry.path("source").asText("")),
                        Column.wide(
                                "INSTALLED", entry -> entry.path("installedAt").asText(""))));
    }

    private static String terms(JsonNode entry, String field) {
        return entry.path("license").path(field).asText("");
    }

    private static String features(JsonNode entry) {
        List<String> features = new ArrayList<>();
        entry.path("license").path("features").forEach(feature -> features.add(feature.asText()));
        return String.join(",", features);
    }

    private static String left(JsonNode entry, Clock clock) {
        String expires = terms(entry, "expires");
        if (expires.isEmpty()) {
            return "";
        }
        long days = Duration.between(clock.instant(), Instant.parse(expires)).toDays();
        return days < 0 ? "expired" : days + "d";
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new FailedException(ExitCode.USAGE, "", file + " cannot be read: " + e.getMessage());
        }
    }

    /** Shows the installed one. */
    @Command(name = "show", description = "Show the installed licence, and what counts against it.")
    static final class Show extends Verb {
        @Mixin
        private OutputOptions output;

        @Override
        public Integer call() {
            output.one(out(), kind(environment().clock(), "status"), api().get(Service.LICENSE, PATH));
            return ExitCode.OK;
        }
    }

    /** Installs one. */
    @Command(name = "install", description = "Install a licence file. Nothing changes unless it holds now.")
    static final class Install extends Verb {
        @Parameters(paramLabel = "FILE", description = "The licence file.")
        private Path file;

        @Mixin
        private OutputOptions output;

        @Override
        public Integer call() {
            JsonNode installed = api().sendBytes("PUT", Service.LICENSE, PATH, read(file));
            output.one(out(), kind(environment().clock(), "status"), installed);
            return ExitCode.OK;
        }
    }

    /** Says what would come of installing one. */
    @Command(name = "verify", description = "Say whether a licence file would hold here and now, and install nothing.")
    static final class Verify extends Verb {
        @Parameters(paramLabel = "FILE", description = "The licence file.")
        private Path file;

        @Mixin
        private OutputOptions output;

        @Override
        public Integer call() {
            JsonNode verified = api().sendBytes("POST", Service.LICENSE, PATH + "/verify", read(file));
            output.one(out(), kind(environment().clock(), "valid"), verified);
            Optional<Progress.Failure> defect = Progress.Failure.of(verified.path("failure"));
            if (defect.isPresent()) {
                throw new FailedException(
                        ExitCode.FORBIDDEN, defect.get().reason(), defect.get().message());
            }
            return ExitCode.OK;
        }
    }
}
