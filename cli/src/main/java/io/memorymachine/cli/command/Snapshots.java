package io.memorymachine.cli.command;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import io.memorymachine.cli.output.Amounts;
import io.memorymachine.cli.output.Column;
import io.memorymachine.cli.output.Kind;
import io.memorymachine.client.Json;

/** How snapshots and restores stand in tables. */
final class Snapshots {
    private Snapshots() {}

    static Kind kind(Clock clock) {
        return new Kind(
                "clustersnap",
                entry -> entry.path("name").asText(),
                List.of(
                        Column.of("NAME", "name"),
                        Column.of("NAMESPACE", "namespace"),
                        Column.of("STATEFULSET", "statefulset"),
                        Column.of("PHASE", Snapshots::phase),
                        Column.of(
                                "MEMBERS",
                                entry -> Integer.toString(entry.path("members").size())),
                        Column.of("PAUSE", entry -> Amounts.took(entry.path("pausedMicros"))),
                        Column.of("FROZEN", entry -> Amounts.took(frozen(entry))),
                        Column.of("SIZE", entry -> sizeOrNothing(entry, "totalBytes")),
                        Column.of("UNIQUE", entry -> sizeOrNothing(entry, "uniqueBytes")),
                        Column.of("AGE", entry -> age(entry, clock)),
                        Column.wide("PROFILE", entry -> entry.path("profile").asText("")),
                        Column.wide("MODE", entry -> entry.path("captureMode").asText("")),
                        Column.wide(
                                "ENCRYPTED", entry -> entry.path("encrypted").asText("")),
                        Column.wide("TOOK", Snapshots::took),
                        Column.wide(
                                "REASON",
                                entry -> entry.path("failure").path("reason").asText(""))));
    }

    static Kind restores(Clock clock) {
        return new Kind(
                "restore",
                entry -> entry.path("name").asText(),
                List.of(
                        Column.of("NAME", "name"),
                        Column.of("SNAPSHOT", "snapshot"),
                        Column.of("NAMESPACE", "namespace"),
                        Column.of("STATEFULSET", "statefulset"),
                        Column.of("PHASE", Snapshots::phase),
                        Column.of(
                                "MEMBERS",
                                entry -> Integer.toString(entry.path("members").size())),
                        Column.of("DOWNTIME", Snapshots::downtime),
                        Column.of("TOOK", Snapshots::took),
                        Column.of("AGE", entry -> age(entry, clock)),
                        Column.wide(
                                "SAFETY-SNAPSHOT",
                                entry -> entry.path("safetySnapshot").asText("")),
                        Column.wide(
                                "REASON",
                                entry -> entry.path("failure").path("reason").asText(""))));
    }

    /** How long the workload was away: from the end of the last old member to the whole cluster. */
    static String downtime(JsonNode restore) {
        return between(restore, "destroyedAt", "activeAt");
    }

    static String took(JsonNode entry) {
        return between(entry, "requestedAt", "finishedAt");
    }

    /** The longest time that a member was frozen, in microseconds. */
    static long longestFrozen(JsonNode snapshot) {
        long longest = 0;
        for (JsonNode member : snapshot.path("members")) {
            longest = Math.max(longest, member.path("frozenMicros").asLong());
        }
        return longest;
    }

    private static JsonNode frozen(JsonNode snapshot) {
        return Json.of(longestFrozen(snapshot));
    }

    /** With the step that runs, if one does. */
    private static String phase(JsonNode entry) {
        String step = entry.path("step").asText("");
        String phase = entry.path("phase").asText();
        return step.isEmpty() || !(phase.equals("running") || phase.equals("compensating"))
                ? phase
                : phase + "(" + step + ")";
    }

    private static String sizeOrNothing(JsonNode entry, String field) {
        return entry.path(field).asLong() == 0 ? "" : Amounts.size(entry.path(field));
    }

    private static String between(JsonNode entry, String from, String to) {
        String begin = entry.path(from).asText("");
        String end = entry.path(to).asText("");
        return begin.isEmpty() || end.isEmpty()
                ? ""
                : Amounts.took(Duration.between(Instant.parse(begin), Instant.parse(end)));
    }

    private static String age(JsonNode entry, Clock clock) {
        String at = entry.path("requestedAt").asText("");
        return at.isEmpty() ? "" : Amounts.age(Instant.parse(at), clock.instant());
    }
}
