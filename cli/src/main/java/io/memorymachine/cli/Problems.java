package io.memorymachine.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What docs/problems.md says of each reason code: the command carries the document with it. */
public final class Problems {
    /** What helps on the command line, where the document speaks of the HTTP API. */
    private static final Map<String, String> COMMANDS = Map.of(
            "SNAPSHOT_NOT_FOUND", "List the snapshots: kubectl mvmcli clustersnap list",
            "RESTORE_NOT_FOUND", "List the restores: kubectl mvmcli clustersnap restores",
            "WORKLOAD_NOT_FOUND", "List the workloads' members: kubectl mvmcli list",
            "LICENSE_MISSING", "Install a licence: kubectl mvmcli license install FILE",
            "VOLUME_FULL", "See what there is: kubectl mvmcli usage. Make room: kubectl mvmcli clustersnap delete NAME",
            "UNAVAILABLE", "Find out what is missing: kubectl mvmcli doctor");

    private Problems() {}

    /** What to do about a reason, in a sentence or two; empty for a code that this version does not know. */
    static Optional<String> advice(String reason) {
        String command = COMMANDS.get(reason);
        return command != null
                ? Optional.of(command)
                : section(reason).filter(section -> section.size() > 1).map(section -> section.get(1));
    }

    /**
     * The paragraphs on a reason: its code and meaning first, then what to do.
     *
     * @param reason in capital letters with underscores, or as the document has it
     */
    public static Optional<List<String>> section(String reason) {
        return Optional.ofNullable(all().get(anchor(reason)));
    }

    /** All codes, in the order of the document. */
    public static List<String> codes() {
        return all().keySet().stream()
                .map(anchor -> anchor.toUpperCase(Locale.ROOT).replace('-', '_'))
                .toList();
    }

    /** The part of the document that is about a reason. */
    public static String anchor(String reason) {
        return reason.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Map<String, List<String>> all() {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        try (InputStream document = Problems.class.getResourceAsStream("/problems.md");
                BufferedReader lines = new BufferedReader(new InputStreamReader(document, StandardCharsets.UTF_8))) {
            List<String> section = null;
            StringBuilder paragraph = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                boolean heading = line.startsWith("## ");
                if (!heading && !line.isBlank()) {
                    paragraph.append(paragraph.isEmpty() ? "" : " ").append(line.strip());
                    continue;
                }
                flush(section, paragraph);
                if (heading) {
                    section = new ArrayList<>();
                    sections.put(line.substring(3).strip(), section);
                }
            }
            flush(section, paragraph);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sections;
    }

    private static void flush(List<String> section, StringBuilder paragraph) {
        if (section != null && !paragraph.isEmpty()) {
            section.add(paragraph.toString());
        }
        paragraph.setLength(0);
    }
}
