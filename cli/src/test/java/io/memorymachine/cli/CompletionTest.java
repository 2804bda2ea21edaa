package io.memorymachine.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The completion of each shell, in that shell; and the words that they and kubectl ask for. */
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

    /**
     * A zsh with a terminal, as a user has it, in which the key for completion then tells the line. Nothing else tells what a
     * completion of zsh's offers.
     */
    private static final String ZSH_HARNESS = """
            zmodload zsh/zpty
            zpty user zsh -f -i
            zpty -w user "source $1"
            zpty -r -m user shown '*LOADED*'
            zpty -w -n user "kubectl-mvmcli $2"$'\\t'
            zpty -r -m user shown '*LINE<*>LINE*'
            print -r -- "$shown"
            zpty -d user
            """;

    private static final String ZSH_USER = """
            autoload -Uz compinit && compinit -u -D
            source %s
            tell() { zle complete-word; zle -I; print -r -- "LINE<$BUFFER>LINE" }
            zle -N tell
            bindkey '^I' tell
            print LOA''DED
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
        "clustersnap cr, clustersnap create",
        "clustersnap create --stat, clustersnap create --statefulset",
        "license in, license install"
    })
    void zshCompletesTheLine(String line, String completed) throws IOException, InterruptedException {
        requireShell("zsh");
        Path script = Files.writeString(
                directory.resolve("completion"),
                Run.of(directory, "completion", "zsh").out());
        Path user = Files.writeString(directory.resolve("user"), ZSH_USER.formatted(script));

        String shown = printed(new ProcessBuilder("zsh", "-f", "-c", ZSH_HARNESS, "harness", user.toString(), line));

        assertThat(shown).contains("LINE<kubectl-mvmcli " + completed + " >LINE");
    }

    @ParameterizedTest
    @CsvSource({
        "us, usage",
        "clustersnap cr, create",
        "clustersnap create --stat, --statefulset",
        "clustersnap describe hz-, hz-snap-test",
        "clustersnap describe --restore dam, damaged"
    })
    void fishOffersWhatFitsAndWhatThereIs(String line, String offer) throws IOException, InterruptedException {
        requireShell("fish");
        try (RecordedServices services = new RecordedServices(directory).filled()) {
            Path script = Files.writeString(
                    directory.resolve("completion"),
                    Run.of(directory, "completion", "fish").out());
            ProcessBuilder fish = new ProcessBuilder(
                    "fish", "--no-config", "-c", "source " + script + "; complete -C 'kubectl-mvmcli " + line + "'");
            fish.environment().put("MM_DIR", services.directory().toString());
            fish.environment().put("PATH", command().getParent() + ":" + System.getenv("PATH"));

            assertThat(printed(fish).lines()).contains(offer);
        }
    }

    /** The command as the launcher runs it, from this test's class path. */
    private Path command() throws IOException {
        Path command = Files.createDirectories(directory.resolve("bin")).resolve("kubectl-mvmcli");
        Files.writeString(
                command,
                "#!/bin/sh\nexec '%s' -cp '%s' %s \"$@\"\n"
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path"),
                                Mvmcli.class.getName()));
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
        return command;
    }

    /** {@code ./mm test} installs it; where it is missing otherwise the test is skipped, but not where CI runs it. */
    private static void requireShell(String shell) {
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, shell)));
        assertThat(there || System.getenv("CI") == null)
                .as("%s is installed", shell)
                .isTrue();
        assumeTrue(there, shell + " is not installed");
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
        return printed(new ProcessBuilder(command)).lines().map(String::strip).toList();
    }

    private static String printed(ProcessBuilder shell) throws IOException, InterruptedException {
        Process process = shell.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }
}
