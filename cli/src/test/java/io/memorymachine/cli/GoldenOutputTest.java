package io.memorymachine.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the commands print, to the letter. {@code -Dgolden.update=true} writes the files anew: then read the difference.
 */
class GoldenOutputTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private static final Map<String, String> COMMANDS = new TreeMap<>();

    static {
        COMMANDS.put("usage", "usage");
        COMMANDS.put("usage-wide", "usage -o wide");
        COMMANDS.put("usage-json", "usage -o json");
        COMMANDS.put("list", "list");
        COMMANDS.put("list-wide", "list -n demo -o wide");
        COMMANDS.put("list-yaml", "list -o yaml");
        COMMANDS.put("snapshots", "clustersnap list");
        COMMANDS.put("snapshots-wide", "clustersnap list -A -o wide");
        COMMANDS.put("snapshots-json", "clustersnap list -l name=hasty -o json");
        COMMANDS.put("snapshots-yaml", "clustersnap list -l name=hasty -o yaml");
        COMMANDS.put("snapshots-name", "clustersnap list -o name");
        COMMANDS.put(
                "snapshots-jsonpath",
                "clustersnap list -o jsonpath={range·.items[*]}{.name}{\"\\t\"}{.phase}{\"\\n\"}{end}");
        COMMANDS.put("snapshots-filter", "clustersnap list -o jsonpath={.items[?(@.phase==\"sealed\")].name}");
        COMMANDS.put(
                "snapshots-columns",
                "clustersnap list -o custom-columns=WHAT:.name,WHERE:.members[*].node,NONE:.nothing");
        COMMANDS.put("snapshots-sorted", "clustersnap list --sort-by .requestedAt --no-headers -l phase!=failed");
        COMMANDS.put("restores", "clustersnap restores -o wide");
        COMMANDS.put("describe", "clustersnap describe hz-snap-test");
        COMMANDS.put("describe-paused", "clustersnap describe paused");
        COMMANDS.put("describe-failed", "clustersnap describe hasty");
        COMMANDS.put("describe-restore", "clustersnap describe --restore hz-snap-test-back");
        COMMANDS.put("describe-json", "clustersnap describe paused -o json");
        COMMANDS.put(
                "create",
                "clustersnap create fresh --namespace demo --statefulset hz --profile hazelcast --profile-options --nopause");
        COMMANDS.put("create-name", "clustersnap create fresh -n demo --statefulset hz -o name");
        COMMANDS.put("create-no-wait", "clustersnap create fresh -n demo --statefulset hz --wait=false");
        COMMANDS.put("create-failing", "clustersnap create failing -n demo --statefulset hz --max-pause 20ms");
        COMMANDS.put("create-dry-run", "clustersnap create fresh -n demo --statefulset hz --dry-run");
        COMMANDS.put("create-dry-run-refused", "clustersnap create failing -n demo --statefulset hz --dry-run");
        COMMANDS.put("restore", "clustersnap restore hz-snap-test");
        COMMANDS.put("restore-failing", "clustersnap restore hz-snap-test --name failing");
        COMMANDS.put("restore-dry-run", "clustersnap restore hz-snap-test --dry-run");
        COMMANDS.put("verify", "clustersnap verify hz-snap-test");
        COMMANDS.put("delete", "clustersnap delete hz-snap-test paused --yes");
        COMMANDS.put("license", "license show");
        COMMANDS.put("license-wide", "license show -o wide");
        COMMANDS.put("version", "version");
        COMMANDS.put("doctor", "doctor");
        COMMANDS.put("explain", "explain VOLUME_FULL");
        COMMANDS.put("help", "--help");
        COMMANDS.put("help-create", "clustersnap create --help");
        COMMANDS.put("help-list", "clustersnap list --help");
    }

    /** Columns are as wide as what they hold, and temporary directories have names of different lengths. */
    private static final int PATH_LENGTH = 100;

    @TempDir
    Path temporary;

    private Path directory;

    private RecordedServices services;

    @BeforeEach
    void start() throws IOException {
        int missing = PATH_LENGTH - temporary.resolve("_").toString().length();
        directory = Files.createDirectory(temporary.resolve("_".repeat(missing + 1)));
        services = new RecordedServices(directory).filled();
    }

    @AfterEach
    void stop() {
        services.close();
    }

    static Stream<String> names() {
        return COMMANDS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aCommandPrintsWhatItsGoldenFileHolds(String name) throws IOException {
        Run run = Run.of(directory, arguments(name));

        String printed = "$ kubectl mvmcli " + String.join(" ", arguments(name)) + "\n" + run.out()
                + (run.err().isEmpty() ? "" : "--- standard error\n" + run.err()) + "--- exit status " + run.status()
                + "\n";
        Path golden = GOLDEN.resolve(name + ".txt");
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, printed);
        }
        assertThat(printed).isEqualTo(Files.readString(golden));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aCommandUnderstandsTheAnswersOfALaterVersion(String name) {
        Run before = Run.of(directory, arguments(name));
        services.close();
        services = new RecordedServices(directory).filled();
        services.answerAsALaterVersion();

        Run run = Run.of(directory, arguments(name));

        assertThat(run.status()).isEqualTo(before.status());
        if (!name.endsWith("json") && !name.endsWith("yaml")) {
            assertThat(run).isEqualTo(before);
        }
    }

    @Test
    void noGoldenFileIsLeftOver() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".txt", ""))
                            .collect(Collectors.toSet()))
                    .isEqualTo(COMMANDS.keySet());
        }
    }

    private static String[] arguments(String name) {
        return Stream.of(COMMANDS.get(name).split(" "))
                .map(word -> word.replace('·', ' '))
                .toArray(String[]::new);
    }
}
