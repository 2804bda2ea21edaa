package io.memorymachine.restore.admission;

import java.time.Clock;
import java.util.Optional;

import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;

import io.memorymachine.platform.WorkloadPlatform;
import io.memorymachine.platform.kubernetes.KubernetesPlatform;
import io.memorymachine.restore.admission.registry.RegistryImageConfigs;

/** The webhook's parts, where there is a cluster. */
final class AdmissionWiring {
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
                                new RegistryImageConfigs(client.get(), json, config.insecureRegistries()),
                                config,
                                json),
                        kubernetes.plans(),
                        json,
                        clock))
                : Optional.empty();
    }
}
