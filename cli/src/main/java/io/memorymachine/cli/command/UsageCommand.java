package io.memorymachine.cli.command;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.FailedException;
import io.memorymachine.cli.output.Amounts;
import io.memorymachine.cli.output.Column;
import io.memorymachine.cli.output.Kind;
import io.memorymachine.cli.output.OutputOptions;
import io.memorymachine.client.ProblemException;
import io.memorymachine.client.Service;
import io.memorymachine.client.UnreachableException;

/** Shows how full the nodes' volumes are. */
@Command(name = "usage", description = "Show how full the nodes' pmem volumes are, and whether the licence holds.")
public final class UsageCommand extends Verb {
    static final Kind NODE = new Kind(
            "node",
            entry -> entry.path("node").asText(),
            List.of(
                    Column.of("NODE", "node"),
                    Column.of("MODE", "mode"),
                    Column.of("CAPACITY", entry -> Amounts.size(entry.path("capacity"))),
                    Column.of("LIVE", entry -> Amounts.size(entry.path("live"))),
                    Column.of("SNAPSHOTS", entry -> Amounts.size(entry.path("snapshots"))),
                    Column.of("SHARED", entry -> Amounts.size(entry.path("shared"))),
                    Column.of("FREE", entry -> Amounts.size(entry.path("free"))),
                    Column.of("USED", UsageCommand::used),
                    Column.of("LICENSE", "license"),
                    Column.wide("RESERVED", entry -> Amounts.size(entry.path("reserved"))),
                    Column.wide(
                            "UNKNOWN-SNAPSHOTS",
                            entry -> entry.path("unknownSnapshots").asText("")),
                    Column.wide("AS-OF", entry -> entry.path("at").asText())));

    @Option(names = "--node", paramLabel = "NAME", description = "Only this node.")
    private String node;

    @Mixin
    private OutputOptions output;

    @Mixin
    private Watching watching;

    @Override
    public Integer call() {
        watching.print(this, output, NODE, this::nodes);
        return ExitCode.OK;
    }

    private List<JsonNode> nodes() {
        List<JsonNode> reported = api().getFromEach(Service.PMEM, "api/v1/usage");
        String license = license();
        List<JsonNode> nodes = new ArrayList<>();
        for (JsonNode usage : reported) {
            if (node == null || usage.path("node").asText().equals(node)) {
                nodes.add(((ObjectNode) usage).put("license", license));
            }
        }
        if (nodes.isEmpty() && node != null) {
            throw new FailedException(ExitCode.NOT_FOUND, "", "there is no node " + node + " with a pmem volume");
        }
        return nodes;
    }

    /** The volumes are what was asked for: they are shown whatever becomes of the licence. */
    private String license() {
        try {
            JsonNode view = api().get(Service.LICENSE, "api/v1/license");
            return view.path("status").asText("unknown");
        } catch (UnreachableException | ProblemException e) {
            err().println("warning: license-service does not say whether the licence holds: " + e.getMessage());
            return "unknown";
        }
    }

    private static String used(JsonNode entry) {
        long capacity = entry.path("capacity").asLong();
        return capacity == 0
                ? ""
                : Math.round(100.0 * (capacity - entry.path("free").asLong()) / capacity) + "%";
    }
}
