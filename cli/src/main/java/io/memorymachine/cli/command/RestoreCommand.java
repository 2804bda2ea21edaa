package io.memorymachine.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import io.memorymachine.cli.output.OutputOptions;
import io.memorymachine.client.Json;

/** Restores a snapshot. */
@Command(
        name = "restore",
        description = "Bring a cluster back from a snapshot, and show how it goes.",
        footer = {
            "",
            "The members are destroyed and come back as they were, under the same names and new addresses. What runs now is",
            "captured first, so that a restore that fails can be rolled back."
        })
final class RestoreCommand extends Verb {
    @Parameters(paramLabel = "SNAPSHOT", description = "The snapshot's name.")
    private String snapshot;

    @Option(names = "--name", paramLabel = "NAME", description = "The restore's name; made up unless given.")
    private String name;

    @Option(
            names = "--no-safety-snapshot",
            description = "Do not capture what runs now: a restore that fails cannot be rolled back then.")
    private boolean noSafetySnapshot;

    @Mixin
    private Waiting waiting;

    @Mixin
    private DryRun dryRun;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        if (dryRun.wanted()) {
            return dryRun.print(
                    this,
                    output,
                    api().check(Operations.RESTORE.service(), Operations.RESTORE.path() + "?dryRun=true", request()));
        }
        JsonNode accepted = api().post(Operations.RESTORE.service(), Operations.RESTORE.path(), request());
        String restore = accepted.path("name").asText();
        return waiting.end(
                this,
                output,
                Operations.RESTORE,
                accepted,
                "restore " + restore + " of snapshot " + snapshot + " has begun",
                "Restoring snapshot " + snapshot + " (restore " + restore + ")",
                RestoreCommand::summary);
    }

    private ObjectNode request() {
        ObjectNode request = Json.object().put("snapshot", snapshot);
        if (name != null) {
            request.put("name", name);
        }
        return noSafetySnapshot ? request.put("safetySnapshot", false) : request;
    }

    private static String summary(JsonNode completed) {
        return "restore " + completed.path("name").asText() + " is completed: "
                + completed.path("members").size() + " members of "
                + completed.path("namespace").asText() + "/"
                + completed.path("statefulset").asText() + " are back from snapshot "
                + completed.path("snapshot").asText() + ", away for " + Snapshots.downtime(completed);
    }
}
