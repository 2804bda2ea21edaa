package io.memorymachine.http.auth;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.configuration.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A service that would be open to others does not start. */
class AuthWiringTest {
    private static final Supplier<KubernetesClient> NO_CLUSTER = () -> {
        throw new AssertionError("there is no cluster");
    };

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "::1"})
    void withoutAuthenticationALoopbackAddressIsAccepted(String host) {
        TokenReviewer nobodyIsReviewed = AuthWiring.reviewer(config(AuthConfig.Mode.NONE), host, NO_CLUSTER);

        assertThat(nobodyIsReviewed.review("any").await().indefinitely()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "2001:db8::1", "no-such-host.invalid"})
    void withoutAuthenticationAnyOtherAddressIsRefused(String host) {
        assertThatThrownBy(() -> AuthWiring.reviewer(config(AuthConfig.Mode.NONE), host, NO_CLUSTER))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
    void aTokenFileThatIsNotConfiguredIsRefusedEverywhere(String host) {
        assertThatThrownBy(() -> AuthWiring.reviewer(config(AuthConfig.Mode.TOKEN_FILE), host, NO_CLUSTER))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mm.http.auth.token-file is not set");
    }

    @Test
    void aTokenFileThatIsMissingIsRefused() {
        AuthConfig config = config(AuthConfig.Mode.TOKEN_FILE, Path.of("/nowhere/token"));

        assertThatThrownBy(() -> AuthWiring.reviewer(config, "0.0.0.0", NO_CLUSTER))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("/nowhere/token does not exist");
    }

    private static AuthConfig config(AuthConfig.Mode mode, Path... file) {
        return new AuthConfig() {
            @Override
            public Mode mode() {
                return mode;
            }

            @Override
            public Optional<Path> tokenFile() {
                return Optional.ofNullable(file.length == 0 ? null : file[0]);
            }

            @Override
            public Optional<List<String>> audiences() {
                return Optional.empty();
            }
        };
    }
}
