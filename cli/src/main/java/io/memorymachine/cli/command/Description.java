package io.memorymachine.cli.command;

import java.io.PrintWriter;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import io.memorymachine.cli.output.Amounts;
import io.memorymachine.client.Json;
import io.memorymachine.client.Progress;

/** The long form of a snapshot or restore, as {@code kubectl describe} writes. */
final class Description {
    private static final int LABEL_WIDTH = 20;
    private static final String INDENT = "  ";

    private final PrintWriter out;

    Description(PrintWriter out) {
        this.out = out;
    }

    void snapshot(JsonNode view) {
        head(view);
        line("Profile", view.path("profile").asText("") + (view.path("pause").asBoolean() ? "" : ", without a pause"));
        line("Encrypted", view.path("encrypted").asBoolean() ? "yes" : "no");
        times(view);
        line("Capture mode", view.path("captureMode").asText(""));
        out.println("Pause:");
        line(INDENT + "Seen by the saga", orNone(Amounts.took(view.path("pausedMicros"))));
        line(INDENT + "Longest frozen", orNone(Amounts.took(Json.of(Snapshots.longestFrozen(view)))));
        line("Size", size(view.path("totalBytes")));
        line("Unique", size(view.path("uniqueBytes")));
        line("Locked by", view.path("workloadLockedBy").asText(""));
        line("Checksums", checksums(view));
        steps(view);
        out.println("Members:");
        for (JsonNode member : view.path("members")) {
            out.println(INDENT + member.path("pod").asText());
            member(member);
        }
        failure(view);
        out.flush();
    }

    void restore(JsonNode view) {
        head(view);
        line("Snapshot", view.path("snapshot").asText());
        line("Safety snapshot", view.path("safetySnapshot").asBoolean() ? "yes" : "no");
        times(view);
        line("Destroyed at", view.path("destroyedAt").asText(""));
        line("Released at", view.path("releasedAt").asText(""));
        line("Active at", view.path("activeAt").asText(""));
        line("Away for", Snapshots.downtime(view));
        steps(view);
        out.println("Members:");
        for (JsonNode member : view.path("members")) {
            out.println(INDENT + member.path("pod").asText());
            inner("Node", member.path("node").asText(""));
            inner("Address before", member.path("oldIp").asText(""));
            inner("Address now", member.path("newIp").asText(""));
            inner("Put back in", Amounts.took(member.path("materializedMicros")));
        }
        failure(view);
        out.flush();
    }

    private void head(JsonNode view) {
        line("Name", view.path("name").asText());
        line("Id", view.path("id").asText());
        line("Namespace", view.path("namespace").asText(""));
        line("StatefulSet", view.path("statefulset").asText(""));
        line("Phase", view.path("phase").asText());
        line("Step", view.path("step").asText(""));
    }

    private void times(JsonNode view) {
        line("Requested at", view.path("requestedAt").asText(""));
        line("Finished at", view.path("finishedAt").asText(""));
        line("Took", Snapshots.took(view));
    }

    private void member(JsonNode member) {
        inner("Node", member.path("node").asText(""));
        inner("Address", member.path("ip").asText(""));
        inner("Container image", member.path("imageDigest").asText(""));
        inner("Frozen at", member.path("frozenAt").asText(""));
        inner("Frozen for", Amounts.took(member.path("frozenMicros")));
        inner("Heap", size(member.path("heapBytes")));
        inner("CRIU images", size(member.path("criuBytes")));
        inner("Size", size(member.path("totalBytes")));
        // What is not unique is shared with the live heap, or with other snapshots.
        inner("Shared", shared(member));
        inner("Unique", size(member.path("uniqueBytes")));
        inner("Mode", member.path("mode").asText(""));
    }

    private void steps(JsonNode view) {
        out.println("Events:");
        out.printf("%s%-30s %-26s %-9s %9s  %s%n", INDENT, "AT", "STEP", "STATUS", "TOOK", "TRIES");
        for (JsonNode step : view.path("steps")) {
            String name =
                    step.path("name").asText() + (step.path("compensating").asBoolean() ? " (undoing)" : "");
            out.printf(
                    "%s%-30s %-26s %-9s %9s  %s%n",
                    INDENT,
                    step.path("startedAt").asText(),
                    name,
                    step.path("status").asText(),
                    Amounts.took(step.path("micros")),
                    step.path("attempts").asText());
            Progress.Failure.of(step.path("failure"))
                    .ifPresent(failure -> out.println(INDENT + INDENT + failure.reason() + ": " + failure.message()));
        }
    }

    private void failure(JsonNode view) {
        Optional<Progress.Failure> failure = Progress.Failure.of(view.path("failure"));
        failure.ifPresent(why -> {
            out.println("Failure:");
            line(INDENT + "Reason", why.reason());
            // CRIU's last lines stand in the message, each in its line.
            out.println(INDENT + "Message:");
            why.message().lines().forEach(text -> out.println(INDENT + INDENT + text));
            line(INDENT + "What to do", "kubectl mvmcli explain " + why.reason());
        });
    }

    private static String checksums(JsonNode view) {
        String at = view.path("verifiedAt").asText("");
        if (!at.isEmpty()) {
            return Progress.Failure.of(view.path("verificationFailure"))
                    .map(wrong -> "checked at " + at + ": " + wrong.reason() + ": " + wrong.message())
                    .orElse("checked at " + at + ": whole");
        }
        return view.path("phase").asText().equals("sealed")
                ? "not checked since; to do it: kubectl mvmcli clustersnap verify "
                        + view.path("name").asText()
                : "";
    }

    private static String shared(JsonNode member) {
        JsonNode total = member.path("totalBytes");
        JsonNode unique = member.path("uniqueBytes");
        return total.isNumber() && unique.isNumber()
                ? size(Json.of(Math.max(0, total.asLong() - unique.asLong())))
                : "";
    }

    private static String size(JsonNode bytes) {
        return bytes.asLong() == 0 ? "" : Amounts.size(bytes) + " (" + bytes.asLong() + " bytes)";
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "none" : text;
    }

    /** Nothing is printed where nothing is known. */
    private void line(String label, String text) {
        if (!text.isEmpty()) {
            out.println(label + ":" + " ".repeat(Math.max(1, LABEL_WIDTH - label.length())) + text);
        }
    }

    private void inner(String label, String text) {
        line(INDENT + INDENT + label, text);
    }
}
