package io.memorymachine.platform.kubernetes;

import java.time.Duration;
import java.util.Optional;

import io.memorymachine.restore.admission.InjectionConfig;

/** Settings as they are by default, with short times. */
record TestSettings(Duration recreateTimeout, Duration planLifetime) implements KubernetesConfig, InjectionConfig {
    @Override
    public String namespace() {
        return "memverge";
    }

    @Override
    public String clusterDomain() {
        return "cluster.local";
    }

    @Override
    public Optional<String> dnsService() {
        return Optional.empty();
    }

    @Override
    public Duration deletionGrace() {
        return Duration.ofSeconds(1);
    }

    @Override
    public String pmemPath() {
        return "/var/lib/memory-machine/pmem/live";
    }

    @Override
    public String binPath() {
        return "/var/lib/memory-machine/bin";
    }

    @Override
    public Optional<String> selinuxType() {
        return Optional.empty();
    }

    @Override
    public Optional<String> selinuxLevel() {
        return Optional.empty();
    }

    @Override
    public boolean insecureRegistries() {
        return false;
    }
}
