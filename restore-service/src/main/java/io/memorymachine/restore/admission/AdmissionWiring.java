package io.memorymachine.restore.admission;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.smallrye.mutiny.infrastructure.Infrastructure;

import io.memorymachine.platform.WorkloadPlatform;
import io.memorymachine.platform.kubernetes.KubernetesPlatform;
import io.memorymachine.restore.admission.registry.RegistryImageConfigs;

/** The webhook's parts, where there is a cluster. */
final class AdmissionWiring {
    /** The API server waits for ten seconds. */
    private static final Duration REGISTRY_ANSWERS_WITHIN = Duration.ofSeconds(7);

    private AdmissionWiring() {}

    /** Empty on another platform: there are no pods. */
    @Produces
    @Singleton
    static Optional<Admission> admission(
            WorkloadPlatform platform,
            Instance<KubernetesClient> client,
            InjectionConfig config,
            ObjectMapper json,
            Clock clock) {
        return platform instanceof KubernetesPlatform kubernetes
                ? Optional.of(new Admission(
                        new PodInjector(
                                new ImpatientImageConfigs(
                                        new RegistryImageConfigs(client.get(), json, config.insecureRegistries()),
                                        REGISTRY_ANSWERS_WITHIN,
                                        Infrastructure.getDefaultWorkerPool()),
                                config,
                                json),
                        kubernetes.plans(),
                        json,
                        clock))
                : Optional.empty();
    }
}
