package io.memorymachine.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

import static org.assertj.core.api.Assertions.assertThat;

/** docs/CLI.md is made of the commands themselves; {@code -Dgolden.update=true} writes it anew. */
class ReferenceTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "CLI.md");
    private static final int WIDTH = 110;

    @Test
    void theReferenceIsThatOfTheCommandsAsTheyAre() throws IOException {
        StringBuilder reference = new StringBuilder("""
                # Command line

                `kubectl mvmcli COMMAND` with `cli/bin` on the PATH, or `./mm mvmcli COMMAND` in a clone. How it is used:
                [TUTORIAL.md](TUTORIAL.md). Reason codes: [problems.md](problems.md), or `kubectl mvmcli explain REASON`.

                Which installation is asked: the one of `--run-directory`; else the cluster of `--context` or `--kubeconfig`; else the
                run directory of `$MM_DIR`; else the system that `./mm up` has started in the clone that the command belongs to; else
                the cluster of the kubeconfig's current context. A cluster's services are reached through the proxy of its API server,
                with the user's own rights: `services/proxy` and `pods/proxy` in the services' namespace, and there `list` on `pods`.
                The services are told the user's token in the header `X-Memory-Machine-Token`; a user who has a certificate instead
                names a service account whose tokens may be created (`--service-account`).

                This page is generated from the commands (`ReferenceTest`).
                """);
        append(reference, Mvmcli.commandLine(Environment.ofProcess()), "kubectl mvmcli");

        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(DOCUMENT, reference.toString());
        }

        assertThat(reference.toString()).isEqualTo(Files.readString(DOCUMENT));
    }

    private static void append(StringBuilder reference, CommandLine command, String name) {
        command.setUsageHelpWidth(WIDTH).setUsageHelpAutoWidth(false);
        reference
                .append("\n## ")
                .append(name)
                .append("\n\n```\n")
                .append(command.getUsageMessage(Ansi.OFF).replaceAll("(?m) +$", ""))
                .append("```\n");
        for (Map.Entry<String, CommandLine> each : command.getSubcommands().entrySet()) {
            if (!each.getValue().getCommandSpec().usageMessage().hidden()) {
                append(reference, each.getValue(), name + " " + each.getKey());
            }
        }
    }
}
