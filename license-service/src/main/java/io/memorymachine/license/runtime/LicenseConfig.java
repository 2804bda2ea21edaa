package io.memorymachine.license.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The settings of license-service. */
@ConfigMapping(prefix = "mm.license")
public interface LicenseConfig {
    /** PEM file with the public keys that may sign licences, or a directory of such {@code *.pem} files. */
    Optional<Path> trustedKeys();

    /** A licence file that is taken when the service starts and whenever it has become newer than what is installed. */
    Optional<Path> file();

    /** Whether licences that a machine has issued to itself are accepted. */
    @WithDefault("false")
    boolean allowDevelopment();

    /** The largest licence file that is read. */
    @WithDefault("16K")
    MemorySize maxFileSize();

    /** The longest lease that is granted, whatever is asked for. */
    @WithDefault("PT24H")
    Duration maxLease();

    /** A node that has not reported for this long does not count any more. */
    @WithDefault("PT1H")
    Duration forgetNodeAfter();

    /** How often the licence and its file are looked at. */
    @WithDefault("PT1H")
    Duration checkEvery();

    /** When that is done for the first time after the start, which has enough to do. */
    @WithDefault("PT30S")
    Duration firstCheckAfter();

    /** How many days before its end a licence's expiry is announced; each once. */
    @WithDefault("30,7,1")
    @NotEmpty
    List<@Min(1) @Max(3650) Integer> announceDaysBefore();
}
