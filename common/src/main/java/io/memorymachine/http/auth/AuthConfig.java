package io.memorymachine.http.auth;

import java.nio.file.Path;
import java.util.List;
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

    /** In the mode {@link Mode#TOKEN_REVIEW}: for whom tokens have to be issued; the API server itself unless set. */
    Optional<List<String>> audiences();

    /** What a caller may be asked for. */
    enum Mode {
        /** The token in {@link #tokenFile()}. */
        TOKEN_FILE,

        /** A token that the API server of the Kubernetes cluster accepts; its RBAC says what its owner may do. */
        TOKEN_REVIEW,

        /** Nothing; the service must listen on a loopback address then. */
        NONE
    }
}
