package io.memorymachine.http.auth;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

import io.memorymachine.http.auth.file.TokenFileReviewer;

/** Chooses the reviewer; what does not fit together keeps the service from starting, before it listens. */
@ApplicationScoped
class AuthWiring {
    private static final Logger LOG = Logger.getLogger(AuthWiring.class);

    @Produces
    @Singleton
    static TokenReviewer reviewer(AuthConfig config, @ConfigProperty(name = "quarkus.http.host") String host) {
        if (config.mode() == AuthConfig.Mode.NONE) {
            requireLoopback(host);
            return token -> Uni.createFrom().item(Optional.empty());
        }
        return new TokenFileReviewer(config.tokenFile()
                .orElseThrow(() -> new ConfigurationException("mm.http.auth.token-file is not set: name the file with"
                        + " the token that callers have to send (or set mm.http.auth.mode=none, which is for loopback"
                        + " addresses only)")));
    }

    /** Made here and not with the first request: then it would be too late to refuse to start. */
    void onStart(@Observes StartupEvent starting, TokenReviewer reviewer) {
        LOG.debugf("Callers are known by %s", reviewer.getClass().getSimpleName());
    }

    private static void requireLoopback(String host) {
        try {
            if (!InetAddress.getByName(host).isLoopbackAddress()) {
                throw new ConfigurationException("mm.http.auth.mode=none is for loopback addresses only, and"
                        + " quarkus.http.host is " + host + ": set mm.http.auth.token-file");
            }
        } catch (UnknownHostException e) {
            throw new ConfigurationException("quarkus.http.host " + host + " has no address", e);
        }
    }
}
