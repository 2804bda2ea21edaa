package io.memorymachine.cli.command;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.FailedException;
import io.memorymachine.cli.output.Kind;
import io.memorymachine.cli.output.OutputOptions;
import io.memorymachine.cli.progress.WatchedOperation;
import io.memorymachine.client.Api;
import io.memorymachine.client.Progress;
import io.memorymachine.client.Service;

/** The two kinds of operations that take their time, and what the verbs on them share. */
enum Operations {
    SNAPSHOT(Service.SNAPSHOT, "snapshot", "api/v1/snapshots", "sealed", ""),
    RESTORE(Service.RESTORE, "restore", "api/v1/restores", "completed", " --restore");

    private static final String COMMAND = "kubectl mvmcli clustersnap ";

    private final Service service;
    private final String noun;
    private final String path;
    private final String success;
    private final String option;

    Operations(Service service, String noun, String path, String success, String option) {
        this.service = service;
        this.noun = noun;
        this.path = path;
        this.success = success;
        this.option = option;
    }

    Service service() {
        return service;
    }

    String path() {
        return path;
    }

    String path(String name) {
        return path + "/" + Api.segment(name);
    }

    /** How such operations are printed. */
    Kind kind(Clock clock) {
        return this == SNAPSHOT ? Snapshots.kind(clock) : Snapshots.restores(clock);
    }

    JsonNode get(Api api, String name) {
        return api.get(service, path(name));
    }

    /**
     * Shows the progress of an operation to its end.
     *
     * @throws FailedException if it did not end well
     */
    JsonNode watch(Verb verb, OutputOptions output, String name) {
        // With a format for machines, standard output is theirs alone.
        boolean table = output == null || output.format().isTable();
        PrintWriter shown = table ? verb.out() : verb.err();
        return WatchedOperation.watch(
                verb.api(),
                service,
                path(name) + "/events",
                shown,
                table && verb.environment().terminal(),
                noun + " " + name,
                COMMAND + "watch" + option + " " + name,
                COMMAND + "cancel" + option + " " + name);
    }

    /** Whether an operation that has ended did so as it should. */
    boolean succeeded(JsonNode ended) {
        return ended.path("phase").asText().equals(success);
    }

    /** Complains of an operation that ended otherwise. */
    FailedException failure(JsonNode ended) {
        Optional<Progress.Failure> why = Progress.Failure.of(ended.path("failure"));
        String name = ended.path("name").asText();
        return new FailedException(
                ExitCode.OPERATION_FAILED,
                why.map(Progress.Failure::reason).orElse(""),
                noun + " " + name + " is " + ended.path("phase").asText()
                        + why.map(failure -> ": " + failure.message()).orElse(""));
    }
}
