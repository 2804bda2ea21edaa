package io.memorymachine.cli.command;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

import io.memorymachine.cli.output.Amounts;
import io.memorymachine.cli.output.OutputOptions;
import io.memorymachine.client.Json;

/** Takes a snapshot. */
@Command(
        name = "create",
        description = "Take a snapshot of a running cluster, and show how it goes.",
        footer = {
            "",
            "By default the cluster is passive while its members are captured: it refuses operations for that time. With",
            "--profile-options '--nopause' it works on, and clients see a short stall and no error."
        })
final class CreateCommand extends Verb {
    @Parameters(paramLabel = "NAME", description = "The snapshot's name: a-z, 0-9 and -, at most 63.")
    private String name;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            required = true,
            description = "The workload's namespace.")
    private String namespace;

    @Option(names = "--statefulset", paramLabel = "NAME", required = true, description = "The workload.")
    private String statefulset;

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            defaultValue = "hazelcast",
            completionCandidates = ProfileNames.class,
            description = "How the application is brought to rest: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private String profile;

    @Option(
            names = "--profile-options",
            paramLabel = "OPTIONS",
            description = "Options of the profile, in one word: '--nopause'.")
    private String profileOptions;

    @Option(
            names = "--max-pause",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "The longest time that the cluster may be passive: 500ms, 10s, 1m. 30s unless given.")
    private Duration maxPause;

    @Option(names = "--encrypt", description = "Encrypt the images at rest.")
    private boolean encrypt;

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
                    api().check(Operations.SNAPSHOT.service(), Operations.SNAPSHOT.path() + "?dryRun=true", request()));
        }
        JsonNode accepted = api().post(Operations.SNAPSHOT.service(), Operations.SNAPSHOT.path(), request());
        return waiting.end(
                this,
                output,
                Operations.SNAPSHOT,
                accepted,
                "snapshot " + name + " is being taken",
                "Taking snapshot " + name + " of " + namespace + "/" + statefulset,
                CreateCommand::summary);
    }

    private ObjectNode request() {
        ObjectNode request = Json.object()
                .put("name", name)
                .put("namespace", namespace)
                .put("statefulset", statefulset)
                .put("profile", profile);
        if (profileOptions != null) {
            request.put("profileOptions", profileOptions);
        }
        if (maxPause != null) {
            request.put("maxPause", maxPause.toString());
        }
        if (encrypt) {
            request.put("encrypt", true);
        }
        return request;
    }

    private static String summary(JsonNode sealed) {
        long paused = sealed.path("pausedMicros").asLong();
        String stood = paused == 0 ? "no pause" : "passive for " + Amounts.took(sealed.path("pausedMicros"));
        return "snapshot " + sealed.path("name").asText() + " is sealed: "
                + sealed.path("members").size() + " members, " + stood + ", frozen for at most "
                + Amounts.took(Json.of(Snapshots.longestFrozen(sealed))) + ", "
                + Amounts.size(sealed.path("totalBytes")) + " of which "
                + Amounts.size(sealed.path("uniqueBytes")) + " are its own";
    }

    /** {@code 500ms}, {@code 10s}, {@code 1m}, {@code 1m30s}, or as ISO 8601 has it. */
    static final class DurationConverter implements ITypeConverter<Duration> {
        private static final Pattern DURATION = Pattern.compile("(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");

        @Override
        public Duration convert(String text) {
            Matcher matcher = DURATION.matcher(text);
            if (!text.isEmpty() && matcher.matches()) {
                return Duration.ofMinutes(number(matcher.group(1)))
                        .plusSeconds(number(matcher.group(2)))
                        .plusMillis(number(matcher.group(3)));
            }
            try {
                return Duration.parse(text);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException("'" + text + "' is no duration; examples: 500ms, 10s, 1m30s");
            }
        }

        private static long number(String digits) {
            return digits == null ? 0 : Long.parseLong(digits);
        }
    }

    static final class ProfileNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        ProfileNames() {
            super(List.of("hazelcast", "none"));
        }
    }
}
