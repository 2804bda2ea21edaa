package io.memorymachine.cli.command;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.output.Amounts;
import io.memorymachine.cli.output.Column;
import io.memorymachine.cli.output.Kind;
import io.memorymachine.cli.output.OutputOptions;
import io.memorymachine.client.Service;

/** Lists the members that run on Memory Machine. */
@Command(name = "list", description = "List the members that run on Memory Machine.")
public final class ListCommand extends Verb {
    @Mixin
    private Selection selection;

    @Mixin
    private OutputOptions output;

    @Mixin
    private Watching watching;

    @Override
    public Integer call() {
        watching.print(this, output, kind(), this::members);
        return ExitCode.OK;
    }

    private Kind kind() {
        return new Kind(
                "member",
                entry -> entry.path("namespace").asText() + "/"
                        + entry.path("pod").asText(),
                List.of(
                        Column.of("NAMESPACE", "namespace"),
                        Column.of("MEMBER", "pod"),
                        Column.of("NODE", "node"),
                        Column.of("IP", "ip"),
                        Column.of("HEAP-ON-PMEM", ListCommand::heap),
                        Column.of("SNAPSHOTS", "snapshots"),
                        Column.of("LAST-SNAPSHOT", "lastSnapshot"),
                        Column.of(
                                "AGE", entry -> age(entry.path("lastSnapshotAt").asText(""))),
                        Column.wide(
                                "STATEFULSET",
                                entry -> entry.path("statefulset").asText()),
                        Column.wide("NAME", entry -> entry.path("dnsName").asText()),
                        Column.wide("PID", entry -> entry.path("pid").asText("")),
                        Column.wide("PROBLEM", entry -> entry.path("problem").asText(""))));
    }

    private List<JsonNode> members() {
        List<JsonNode> members = new ArrayList<>();
        api().getFromEach(Service.PMEM, "api/v1/members")
                .forEach(node -> node.path("items").forEach(members::add));
        List<JsonNode> wanted = selection.of(members);
        Map<String, Taken> taken = taken();
        wanted.forEach(member -> {
            Taken of = taken.getOrDefault(key(member, member.path("pod").asText()), new Taken());
            ((ObjectNode) member)
                    .put("snapshots", of.count)
                    .put("lastSnapshot", of.last)
                    .put("lastSnapshotAt", of.at);
        });
        return wanted;
    }

    /** What the catalogue has of each member. */
    private Map<String, Taken> taken() {
        Map<String, Taken> taken = new HashMap<>();
        for (JsonNode snapshot : api().all(Service.SNAPSHOT, "api/v1/snapshots", selection.query())) {
            if (snapshot.path("phase").asText().equals("sealed")) {
                snapshot.path("members")
                        .forEach(member -> taken.computeIfAbsent(
                                        key(snapshot, member.path("pod").asText()), pod -> new Taken())
                                .add(snapshot));
            }
        }
        return taken;
    }

    private String age(String at) {
        return at.isEmpty() || at.equals("null")
                ? ""
                : Amounts.age(Instant.parse(at), environment().clock().instant());
    }

    private static String heap(JsonNode entry) {
        if (!entry.path("heapOnVolume").asBoolean()) {
            return "no";
        }
        return entry.path("heapBytes").isNumber() ? Amounts.size(entry.path("heapBytes")) : "yes";
    }

    private static String key(JsonNode of, String pod) {
        return of.path("namespace").asText() + "/" + pod;
    }

    private static final class Taken {
        private int count;
        private String last;
        private String at;

        void add(JsonNode snapshot) {
            count++;
            String finished = snapshot.path("finishedAt").asText();
            if (at == null || Instant.parse(finished).isAfter(Instant.parse(at))) {
                at = finished;
                last = snapshot.path("name").asText();
            }
        }
    }
}
