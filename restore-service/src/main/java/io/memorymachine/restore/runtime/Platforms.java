package io.memorymachine.restore.runtime;

import java.time.Clock;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.memorymachine.platform.WorkloadPlatform;
import io.memorymachine.platform.local.LocalPaths;
import io.memorymachine.platform.local.LocalPlatform;

/** Chooses what runs the workloads. */
final class Platforms {
    private Platforms() {}

    @Produces
    @Singleton
    static WorkloadPlatform platform(PlatformConfig config, Clock clock) {
        return switch (config.platform()) {
            case LOCAL -> new LocalPlatform(LocalPaths.of(config.local().dir()), clock);
        };
    }
}
