package io.memorymachine.http.auth;

import java.nio.file.Path;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How callers of the HTTP interface are authenticated. */
@ConfigMapping(prefix = "mm.http.auth")
public interface AuthConfig {
    /** What is asked of a caller. */
    @WithDefault("token-file")
    Mode mode();

    /** The file with the one token that is accepted; readable by its owner only. */
    Optional<Path> tokenFile();

    /** What a caller may be asked for. */
    enum Mode {
        /** The token in {@link #tokenFile()}. */
        TOKEN_FILE,

        /** Nothing; the service must listen on a loopback address then. */
        NONE
    }
}
