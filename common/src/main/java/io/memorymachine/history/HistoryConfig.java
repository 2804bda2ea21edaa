package io.memorymachine.history;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import org.hibernate.validator.constraints.time.DurationMin;

/** How long a service remembers what has ended. */
@ConfigMapping(prefix = "mm.history")
public interface HistoryConfig {
    /**
     * For how long. A command is sent again for as long as its step runs, at most 50 minutes with all attempts of the
     * longest one; a command that comes again after its row has gone is executed again. A minute is the least, since the
     * broker takes 45 s to notice that a consumer has died, and delivers again after that.
     */
    @WithDefault("7d")
    @DurationMin(minutes = 1)
    Duration keep();

    /** How often that which is older is deleted. */
    @WithDefault("1h")
    @DurationMin(seconds = 1)
    Duration cleanUpInterval();

    /** When that is done for the first time after the start, which has enough to do. */
    @WithDefault("30s")
    Duration cleanUpDelay();
}
