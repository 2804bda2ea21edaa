package io.memorymachine.cli;

import java.nio.file.Path;
import java.util.Optional;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import io.memorymachine.client.Installation;
import io.memorymachine.client.LocalInstallation;
import io.memorymachine.client.UnreachableException;
import io.memorymachine.client.kubernetes.ClusterInstallation;

/**
 * Which installation is asked. What names one wins, in this order: {@code --run-directory}; {@code --context} or {@code
 * --kubeconfig}; {@code MM_DIR}; a system that {@code ./mm up} has started in the clone that the command belongs to; the
 * current context of the kubeconfig.
 */
final class Connection {
    @Option(
            names = "--context",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The kubeconfig's context; the current one unless given.")
    private String context;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The kubeconfig; $KUBECONFIG or ~/.kube/config unless given.")
    private Path kubeconfig;

    @Option(
            names = "--system-namespace",
            paramLabel = "NAME",
            defaultValue = "memverge",
            scope = ScopeType.INHERIT,
            description = "Where the services run (${DEFAULT-VALUE}).")
    private String systemNamespace;

    @Option(
            names = "--service-account",
            paramLabel = "NAMESPACE/NAME",
            scope = ScopeType.INHERIT,
            description = "Ask in the name of this service account; for users who have a certificate and no token.")
    private String serviceAccount;

    @Option(
            names = "--run-directory",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Ask the system that ./mm up has started there, and no cluster.")
    private Path runDirectory;

    Installation choose(Environment environment) {
        if (runDirectory != null) {
            return local(runDirectory);
        }
        if (context != null || kubeconfig != null) {
            return cluster();
        }
        Optional<String> named = environment.variable("MM_DIR");
        if (named.isPresent()) {
            return local(Path.of(named.get()));
        }
        return environment
                .home()
                .flatMap(home -> LocalInstallation.in(home.resolve(".mm")))
                .<Installation>map(found -> found)
                .orElseGet(this::cluster);
    }

    private static Installation local(Path directory) {
        return LocalInstallation.in(directory)
                .orElseThrow(() -> new UnreachableException(
                        "no system runs in " + directory.toAbsolutePath() + ": start one with ./mm up"));
    }

    private Installation cluster() {
        return ClusterInstallation.of(kubeconfig, context, systemNamespace, serviceAccount);
    }
}
