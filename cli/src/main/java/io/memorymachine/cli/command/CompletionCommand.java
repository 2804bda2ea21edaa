package io.memorymachine.cli.command;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import io.memorymachine.cli.ExitCode;
import io.memorymachine.cli.Mvmcli;

/** Prints a script that teaches a shell to complete the command. */
@Command(
        name = "completion",
        description = "Print a script that makes a shell complete this command.",
        footer = {
            "",
            "  bash: source <(kubectl-mvmcli completion bash)",
            "  zsh:  source <(kubectl-mvmcli completion zsh)",
            "  fish: kubectl-mvmcli completion fish | source",
            "",
            "For `kubectl mvmcli`, kubectl itself asks kubectl_complete-mvmcli, which has to stand on the PATH too."
        })
public final class CompletionCommand extends Verb {
    /** Zsh runs a script for bash once it is told to. */
    private static final String ZSH =
            "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n";

    private static final String FISH = """
            complete -c %1$s -f -a '(%1$s __complete -- (commandline -opc)[2..-1] (commandline -ct))'
            """;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell;

    @Override
    public Integer call() {
        out().print(
                        switch (shell) {
                            case bash -> bash();
                            case zsh -> ZSH + bash();
                            case fish -> String.format(FISH, Mvmcli.NAME);
                        });
        out().flush();
        return ExitCode.OK;
    }

    private String bash() {
        return AutoComplete.bash(Mvmcli.NAME, spec().root().commandLine());
    }

    /** The shells. */
    enum Shell {
        bash,
        zsh,
        fish
    }
}
