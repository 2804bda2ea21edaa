package io.memorymachine.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.memorymachine.local.host.Tool;
import io.memorymachine.local.system.Installation;
import io.memorymachine.local.system.RunDirectory;

/** Uses the command line: runs the shell blocks of a tutorial, one after the other, as somebody in the clone does who says yes to every question. */
final class Tutorial {
    /**
     * Where kubectl is not installed, this is what it does with a plugin. {@code ./mm client} is run from the classes of this
     * test: there need not be a jar yet.
     */
    private static final String PREAMBLE = """
            cd "%1$s"
            export PATH="%1$s/cli/bin:$PATH" MM_DIR="%2$s" JAVA_HOME="%3$s"
            command -v kubectl >/dev/null || kubectl() { "kubectl-$1" "${@:2}"; }
            mm_client() {
              CLASSPATH=$(cat "%4$s") "%3$s/bin/java" "-Dmm.home=%1$s" "-Djdk.net.hosts.file=%2$s/local/hosts" \\
                -Dsun.net.inetaddr.ttl=0 -Dsun.net.inetaddr.negative.ttl=0 io.memorymachine.local.Mm client "$@"
            }
            exec < <(yes)
            set -x
            """;

    private Tutorial() {}

    /** What all of them printed; ends with the first that fails. */
    static Tool run(Installation installation, RunDirectory directory, List<String> blocks) throws IOException {
        Path classes = directory.root().resolve("test-classpath");
        Files.writeString(classes, System.getProperty("java.class.path"));
        String preamble =
                PREAMBLE.formatted(installation.root(), directory.root(), System.getProperty("java.home"), classes);
        StringBuilder output = new StringBuilder();
        for (String block : blocks) {
            Tool ran = Tool.run("bash", "-euo", "pipefail", "-c", preamble + block.replace("./mm client", "mm_client"));
            output.append(ran.output()).append('\n');
            if (!ran.ok()) {
                return new Tool(ran.status(), output.toString());
            }
        }
        return new Tool(0, output.toString());
    }

    /** Starts the command, interrupts it as Ctrl-C does once it has told a step, and returns how it ended. */
    static Tool interrupted(Installation installation, RunDirectory directory, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                // What was ignored when these tests were started, as in the background, ends no Java.
                "env",
                "--default-signal=INT",
                installation.root().resolve("cli/bin/kubectl-mvmcli").toString(),
                "--run-directory",
                directory.root().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try (BufferedReader lines = process.inputReader()) {
            StringBuilder output = new StringBuilder();
            boolean interrupted = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.append(line).append('\n');
                if (!interrupted && line.startsWith("  ok")) {
                    Tool.run("kill", "-INT", Long.toString(process.pid())).orFail("the command cannot be interrupted");
                    interrupted = true;
                }
            }
            return new Tool(process.waitFor(), output.toString());
        } finally {
            process.destroyForcibly();
        }
    }
}
