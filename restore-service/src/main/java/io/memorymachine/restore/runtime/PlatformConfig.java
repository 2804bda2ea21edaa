package io.memorymachine.restore.runtime;

import java.nio.file.Path;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What runs the workloads. */
@ConfigMapping(prefix = "mm")
public interface PlatformConfig {
    /** The adapter. */
    @WithDefault("local")
    Kind platform();

    /** The settings of the single-machine runtime. */
    Local local();

    /** The adapters that there are. */
    enum Kind {
        LOCAL
    }

    /** The settings of the single-machine runtime. */
    interface Local {
        /** The run directory. */
        @WithDefault(".mm")
        Path dir();
    }
}
