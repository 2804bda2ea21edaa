package io.memorymachine.platform;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.memorymachine.platform.local.LocalPaths;
import io.memorymachine.platform.local.LocalPlatform;

/** Chooses the adapter that the configuration {@code mm.platform} names. */
final class PlatformAdapter {
    private PlatformAdapter() {}

    @Produces
    @Singleton
    static LocalPlatform platform(
            @ConfigProperty(name = "mm.platform", defaultValue = "local") String platform,
            @ConfigProperty(name = "mm.local.dir") Optional<Path> directory,
            Clock clock) {
        if (!"local".equals(platform)) {
            throw new IllegalStateException("mm.platform is '" + platform + "'; this version knows 'local'");
        }
        return new LocalPlatform(
                LocalPaths.of(directory.orElseThrow(() ->
                        new IllegalStateException("mm.local.dir is not set: the run directory of the local platform"))),
                clock);
    }
}
