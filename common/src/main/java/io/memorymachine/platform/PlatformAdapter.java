package io.memorymachine.platform;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.memorymachine.platform.kubernetes.KubernetesConfig;
import io.memorymachine.platform.kubernetes.KubernetesNode;
import io.memorymachine.platform.kubernetes.KubernetesPlatform;
import io.memorymachine.platform.local.LocalPaths;
import io.memorymachine.platform.local.LocalPlatform;

/** Chooses the adapter that the configuration {@code mm.platform} names. No client is made for the one that it is not. */
final class PlatformAdapter {
    private static final String LOCAL = "local";
    private static final String KUBERNETES = "kubernetes";

    private PlatformAdapter() {}

    @Produces
    @Singleton
    static WorkloadPlatform workloads(
            @ConfigProperty(name = "mm.platform", defaultValue = LOCAL) String platform,
            @ConfigProperty(name = "mm.local.dir") Optional<Path> directory,
            Instance<KubernetesClient> client,
            KubernetesConfig kubernetes,
            ObjectMapper json,
            Clock clock) {
        return isKubernetes(platform)
                ? new KubernetesPlatform(client.get(), kubernetes, json, clock)
                : local(directory, clock);
    }

    @Produces
    @Singleton
    static NodePlatform node(
            @ConfigProperty(name = "mm.platform", defaultValue = LOCAL) String platform,
            @ConfigProperty(name = "mm.local.dir") Optional<Path> directory,
            @ConfigProperty(name = "mm.node.name") Optional<String> node,
            Instance<KubernetesClient> client,
            KubernetesConfig kubernetes,
            Clock clock) {
        return isKubernetes(platform)
                ? new KubernetesNode(
                        client.get(),
                        kubernetes,
                        node.orElseThrow(() -> new IllegalStateException("mm.node.name is not set: this node's name")))
                : local(directory, clock);
    }

    private static LocalPlatform local(Optional<Path> directory, Clock clock) {
        return new LocalPlatform(
                LocalPaths.of(directory.orElseThrow(() ->
                        new IllegalStateException("mm.local.dir is not set: the run directory of the local platform"))),
                clock);
    }

    private static boolean isKubernetes(String platform) {
        if (!platform.equals(LOCAL) && !platform.equals(KUBERNETES)) {
            throw new IllegalStateException("mm.platform is '" + platform + "': neither 'local' nor 'kubernetes'");
        }
        return platform.equals(KUBERNETES);
    }
}
