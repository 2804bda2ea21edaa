package io.memorymachine.cli.command;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.output.Column;
import io.memorymachine.cli.output.Kind;
import io.memorymachine.cli.output.OutputOptions;
import io.memorymachine.client.Json;
import io.memorymachine.client.ProblemException;
import io.memorymachine.client.Service;
import io.memorymachine.client.UnreachableException;

/** Shows the versions of the command and of the services. */
@Command(name = "version", description = "Show the versions of this command and of the services.")
public final class VersionCommand extends Verb {
    private static final Kind VERSION = new Kind(
            "version",
            entry -> entry.path("client").asText(),
            List.of(
                    Column.of("CLIENT", "client"),
                    Column.of("LICENSE-SERVICE", "license-service"),
                    Column.of("PMEM-SERVICE", "pmem-service"),
                    Column.of("SNAPSHOT-SERVICE", "snapshot-service"),
                    Column.of("RESTORE-SERVICE", "restore-service"),
                    Column.wide(
                            "INSTALLATION", entry -> entry.path("installation").asText(""))));

    @Option(names = "--client", description = "Only this command's; no service is asked.")
    private boolean client;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        ObjectNode versions = Json.object().put("client", ofClient());
        int status = client ? ExitCode.OK : ask(versions);
        output.one(out(), VERSION, versions);
        return status;
    }

    static String ofClient() {
        return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    private int ask(ObjectNode versions) {
        int status = ExitCode.OK;
        for (Service service : Service.values()) {
            try {
                versions.put("installation", api().installation().description());
                versions.put(
                        service.module(),
                        api().get(service, "q/openapi?format=json")
                                .path("info")
                                .path("version")
                                .asText(""));
            } catch (UnreachableException | ProblemException e) {
                err().println("warning: " + service.module() + " does not say its version: " + e.getMessage());
                status = ExitCode.UNAVAILABLE;
            }
        }
        return status;
    }
}
