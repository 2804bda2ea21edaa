package io.memorymachine.restore.runtime;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How long restore-service waits; each below the saga's deadline of the step, so that the step fails with its reason. */
@ConfigMapping(prefix = "mm.restore")
public interface RestoreConfig {
    /** For the members' names to resolve to their new addresses. */
    @WithDefault("PT50S")
    @DurationMin(millis = 1)
    @DurationMax(seconds = 55)
    Duration namesTimeout();

    /** For the released members to form a whole and safe cluster. */
    @WithDefault("PT80S")
    @DurationMin(millis = 1)
    @DurationMax(seconds = 85)
    Duration wholeTimeout();
}
