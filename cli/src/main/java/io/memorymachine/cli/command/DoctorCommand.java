package io.memorymachine.cli.command;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.output.Amounts;
import io.memorymachine.cli.output.Column;
import io.memorymachine.cli.output.Kind;
import io.memorymachine.cli.output.OutputOptions;
import io.memorymachine.client.Json;
import io.memorymachine.client.ProblemException;
import io.memorymachine.client.Service;
import io.memorymachine.client.UnreachableException;

/** Looks an installation over and says what is wrong with it. Changes nothing. */
@Command(name = "doctor", description = "Look the installation over, and say how to mend what is wrong.")
public final class DoctorCommand extends Verb {
    private static final double NEARLY_FULL = 0.1;
    private static final Duration SOON = Duration.ofDays(14);

    private static final Kind CHECK = new Kind(
            "check",
            entry -> entry.path("check").asText(),
            List.of(
                    Column.of("LEVEL", "level"),
                    Column.of("CHECK", "check"),
                    Column.of("FOUND", "found"),
                    Column.of("REMEDY", "remedy")));

    @Mixin
    private OutputOptions output;

    private final List<JsonNode> checks = new ArrayList<>();

    @Override
    public Integer call() {
        try {
            note("OK", "installation", api().installation().description(), "");
            for (Service service : Service.values()) {
                look(service.module(), () -> ready(service));
            }
            look("license", this::license);
            look("volumes", this::volumes);
            look("members", this::members);
            look("snapshots", this::snapshots);
        } catch (UnreachableException e) {
            note("FAIL", "installation", e.getMessage(), "start one with ./mm up, or name a cluster with --context");
        }
        output.list(out(), CHECK, checks);
        return checks.stream().anyMatch(check -> check.path("level").asText().equals("FAIL"))
                ? ExitCode.FAILED
                : ExitCode.OK;
    }

    private void look(String what, Runnable check) {
        try {
            check.run();
        } catch (ProblemException refused) {
            String remedy = refused.reason().isEmpty() ? "" : "kubectl mvmcli explain " + refused.reason();
            note("FAIL", what, refused.reason() + " " + refused.getMessage(), remedy);
        } catch (UnreachableException e) {
            note("FAIL", what, e.getMessage(), "see the service's log; on one machine: ./mm up, ./mm doctor");
        }
    }

    private void ready(Service service) {
        JsonNode health = api().get(service, "q/health/ready");
        List<String> down = new ArrayList<>();
        health.path("checks").forEach(check -> {
            if (!check.path("status").asText().equals("UP")) {
                down.add(check.path("name").asText());
            }
        });
        note(down.isEmpty() ? "OK" : "FAIL", service.module(), down.isEmpty() ? "ready" : "not ready: " + down, "");
    }

    private void license() {
        JsonNode view = api().get(Service.LICENSE, "api/v1/license");
        String status = view.path("status").asText();
        if (!status.equals("valid")) {
            note(
                    "FAIL",
                    "license",
                    status + " " + view.path("failure").path("message").asText(""),
                    "kubectl mvmcli license install FILE");
            return;
        }
        Instant expires = Instant.parse(view.path("license").path("expires").asText());
        boolean soon = expires.isBefore(environment().clock().instant().plus(SOON));
        note(soon ? "WARN" : "OK", "license", "valid until " + expires, soon ? "renew it in time" : "");
    }

    private void volumes() {
        for (JsonNode usage : api().getFromEach(Service.PMEM, "api/v1/usage")) {
            long free = usage.path("free").asLong();
            boolean full = free < usage.path("capacity").asLong() * NEARLY_FULL;
            String what = "volume of " + usage.path("node").asText();
            note(
                    full ? "WARN" : "OK",
                    what,
                    Amounts.size(free) + " of " + Amounts.size(usage.path("capacity")) + " are free",
                    full ? "delete snapshots: kubectl mvmcli clustersnap delete NAME" : "");
            long unknown = usage.path("unknownSnapshots").asLong(0);
            if (unknown > 0) {
                note("WARN", what, unknown + " sealed snapshots that no catalogue knows", "docs/ARCHITECTURE.md");
            }
        }
    }

    private void members() {
        int members = 0;
        for (JsonNode node : api().getFromEach(Service.PMEM, "api/v1/members")) {
            for (JsonNode member : node.path("items")) {
                members++;
                String problem = member.path("problem").asText("");
                if (!problem.isEmpty()) {
                    note(
                            "WARN",
                            member.path("pod").asText(),
                            problem,
                            "kubectl mvmcli explain " + problem.replaceFirst(":.*", ""));
                }
            }
        }
        note(
                members == 0 ? "WARN" : "OK",
                "members",
                members + " run on Memory Machine",
                members == 0 ? "label the workload memverge=enabled" : "");
    }

    private void snapshots() {
        int failed = 0;
        for (JsonNode snapshot : api().all(Service.SNAPSHOT, "api/v1/snapshots", Map.of())) {
            if (snapshot.path("phase").asText().equals("delete-failed")) {
                failed++;
                note(
                        "WARN",
                        "snapshot " + snapshot.path("name").asText(),
                        "could not be deleted",
                        "kubectl mvmcli clustersnap delete "
                                + snapshot.path("name").asText());
            }
        }
        if (failed == 0) {
            note("OK", "snapshots", "none is stuck", "");
        }
    }

    private void note(String level, String check, String found, String remedy) {
        checks.add(Json.object()
                .put("level", level)
                .put("check", check)
                .put("found", found.strip())
                .put("remedy", remedy));
    }
}
