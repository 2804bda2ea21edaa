package io.memorymachine.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The completion of bash, in bash; and the words that other shells and kubectl ask for. */
class CompletionTest {
    /** Loads the script, puts words on a line as a shell does, and prints what it would offer for the last one. */
    private static final String HARNESS = """
            set -eu
            source "$1"; shift
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
            function=$(complete -p kubectl-mvmcli | sed 's/.*-F \\([^ ]*\\).*/\\1/')
            set +eu
            "$function" kubectl-mvmcli "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "us, usage",
        "clustersnap cr, create",
        "clustersnap res, restore",
        "clustersnap create --stat, --statefulset",
        "clustersnap create --profile h, hazelcast",
        "clustersnap list -o custom, custom-columns=",
        "completion f, fish",
        "license in, install"
    })
    void bashOffersWhatFits(String line, String offer) throws IOException, InterruptedException {
        assertThat(offeredByBash(line)).contains(offer);
    }

    @ParameterizedTest
    @CsvSource({
        "us, usage",
        "clustersnap cr, create",
        "clustersnap create --stat, --statefulset",
        "clustersnap describe hz-, hz-snap-test",
        "clustersnap delete pa, paused",
        "clustersnap describe --restore dam, damaged"
    })
    void otherShellsAreTold(String line, String offer) {
        try (RecordedServices services = new RecordedServices(directory).filled()) {
            assertThat(completed(services.directory(), line)).contains(offer);
        }
    }

    @Test
    void namesAreNotOfferedWhereNobodyAnswersAndNothingIsSaid() {
        Run run = Run.of(directory, "__complete", "--", "clustersnap", "describe", "hz");

        assertThat(run.status()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void zshRunsTheScriptOfBashAndFishAsksTheCommand() {
        assertThat(Run.of(directory, "completion", "zsh").out())
                .contains("bashcompinit")
                .contains("complete -F");
        assertThat(Run.of(directory, "completion", "fish").out())
                .startsWith("complete -c kubectl-mvmcli")
                .contains("__complete");
    }

    private static List<String> completed(Path directory, String line) {
        String[] words = ("__complete -- " + line).split(" ");
        return Run.of(directory, words).out().lines().toList();
    }

    private List<String> offeredByBash(String line) throws IOException, InterruptedException {
        Path script = Files.writeString(
                directory.resolve("completion"),
                Run.of(directory, "completion", "bash").out());
        List<String> command =
                new ArrayList<>(List.of("bash", "-c", HARNESS, "harness", script.toString(), "kubectl-mvmcli"));
        command.addAll(List.of(line.split(" ")));
        Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(printed).isZero();
        return printed.lines().map(String::strip).toList();
    }
}
