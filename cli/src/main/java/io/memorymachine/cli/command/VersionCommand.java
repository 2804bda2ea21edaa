package io.memorymachine.cli.command;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
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
                    Column.of("LICENSE-SERVICE", entry -> version(entry.path("license-service"))),
                    Column.of("PMEM-SERVICE", entry -> version(entry.path("pmem-service"))),
                    Column.of("SNAPSHOT-SERVICE", entry -> version(entry.path("snapshot-service"))),
                    Column.of("RESTORE-SERVICE", entry -> version(entry.path("restore-service"))),
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
                versions.set(service.module(), of(service));
            } catch (UnreachableException | ProblemException e) {
                err().println("warning: " + service.module() + " does not say its version: " + e.getMessage());
                status = ExitCode.UNAVAILABLE;
            }
        }
        return status;
    }

    /** One of an earlier release says only which interface it has. */
    private JsonNode of(Service service) {
        try {
            JsonNode version = api().get(service, "api/v1/version");
            return Json.object()
                    .put("product", version.path("product").asText(""))
                    .put("api", version.path("api").asText(""));
        } catch (ProblemException e) {
            if (e.status() != 404) {
                throw e;
            }
            JsonNode description = api().get(service, "q/openapi?format=json");
            return Json.object()
                    .put("product", "")
                    .put("api", description.path("info").path("version").asText(""));
        }
    }

    /** {@code 0.1.0 (v1)}; empty where the service did not answer. */
    private static String version(JsonNode of) {
        return of.isMissingNode()
                ? ""
                : (of.path("product").asText() + " (" + of.path("api").asText() + ")").strip();
    }
}
