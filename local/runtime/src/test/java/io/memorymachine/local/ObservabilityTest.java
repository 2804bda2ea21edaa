package io.memorymachine.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.local.system.Installation;

import static org.assertj.core.api.Assertions.assertThat;

/** The dashboard and the alerts ask for nothing that no service measures, and every runbook is there. */
class ObservabilityTest {
    private static final Path ROOT = Installation.find().root();
    private static final Path FOLDER = ROOT.resolve("k8s/observability");
    private static final List<String> MODULES =
            List.of("common", "license-service", "pmem-service", "snapshot-service", "restore-service");

    /** A meter's name as the code has it, and the name under which Prometheus sees it, with what is put behind it. */
    private static final Pattern METER = Pattern.compile("\"(mm\\.[a-z.]+)\"");

    private static final Pattern SERIES = Pattern.compile("\\bmm_[a-z_]+");
    private static final Pattern RUNBOOK = Pattern.compile("docs/problems\\.md#([a-z-]+)");
    private static final String SUFFIXES = "(_seconds|_messages)?(_total|_sum|_count|_max|_bucket)?";

    @ParameterizedTest
    @ValueSource(strings = {"dashboard.json", "alerts.yaml"})
    void everySeriesIsMeasured(String file) throws IOException {
        Set<String> meters = meters();
        Set<String> asked = found(SERIES, Files.readString(FOLDER.resolve(file)), 0);

        assertThat(asked)
                .hasSizeGreaterThan(4)
                .allSatisfy(series -> assertThat(meters)
                        .as(series)
                        .anyMatch(meter -> series.matches(meter.replace('.', '_') + SUFFIXES)));
    }

    @Test
    void everyRunbookIsThere() throws IOException {
        Set<String> sections =
                found(Pattern.compile("(?m)^## ([a-z-]+)$"), Files.readString(ROOT.resolve("docs/problems.md")), 1);

        assertThat(found(RUNBOOK, Files.readString(FOLDER.resolve("alerts.yaml")), 1))
                .isNotEmpty()
                .isSubsetOf(sections);
    }

    @Test
    void everyPanelHasAQueryAndAPlaceOfItsOwn() throws IOException {
        JsonNode dashboard = Json.parse(Files.readString(FOLDER.resolve("dashboard.json")), JsonNode.class);
        Set<String> places = new TreeSet<>();

        for (JsonNode panel : dashboard.path("panels")) {
            assertThat(panel.path("targets")).as(panel.path("title").asText()).isNotEmpty();
            places.add(panel.path("gridPos").path("x") + "/"
                    + panel.path("gridPos").path("y"));
        }

        assertThat(places).hasSize(dashboard.path("panels").size());
    }

    private static Set<String> meters() throws IOException {
        Set<String> meters = new TreeSet<>();
        for (String module : MODULES) {
            try (Stream<Path> sources = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                sources.filter(path -> path.toString().endsWith(".java"))
                        .forEach(source -> meters.addAll(found(METER, text(source), 1)));
            }
        }
        return meters;
    }

    private static String text(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> found(Pattern pattern, String text, int group) {
        Set<String> found = new TreeSet<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            found.add(matcher.group(group));
        }
        return found;
    }
}
