package io.memorymachine.http.auth;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

import io.memorymachine.http.auth.file.TokenFileReviewer;
import io.memorymachine.http.auth.kubernetes.SubjectAccessReviews;
import io.memorymachine.http.auth.kubernetes.TokenReviews;

/** Chooses the reviewers; what does not fit together keeps the service from starting, before it listens. */
@ApplicationScoped
class AuthWiring {
    private static final Logger LOG = Logger.getLogger(AuthWiring.class);

    @Produces
    @Singleton
    static TokenReviewer reviewer(
            AuthConfig config,
            @ConfigProperty(name = "quarkus.http.host") String host,
            Instance<KubernetesClient> kubernetes) {
        return reviewer(config, host, kubernetes::get);
    }

    /** @param kubernetes called only where it is needed: nowhere else is there a cluster */
    static TokenReviewer reviewer(AuthConfig config, String host, Supplier<KubernetesClient> kubernetes) {
        return switch (config.mode()) {
            case NONE -> {
                requireLoopback(host);
                yield token -> Uni.createFrom().item(Optional.empty());
            }
            case TOKEN_FILE ->
                new TokenFileReviewer(config.tokenFile()
                        .orElseThrow(() -> new ConfigurationException("mm.http.auth.token-file is not set: name the"
                                + " file with the token that callers have to send (or set mm.http.auth.mode=none, which"
                                + " is for loopback addresses only)")));
            case TOKEN_REVIEW ->
                new TokenReviews(
                        kubernetes.get(),
                        VertxContextSupport::executeBlocking,
                        config.audiences().orElse(List.of()));
        };
    }

    /** Who has the one token of a file, or needs none, may do everything. */
    @Produces
    @Singleton
    static AccessReviewer rights(AuthConfig config, Instance<KubernetesClient> kubernetes) {
        return config.mode() == AuthConfig.Mode.TOKEN_REVIEW
                ? new SubjectAccessReviews(kubernetes.get(), VertxContextSupport::executeBlocking)
                : (caller, verb, resource, namespace) -> Uni.createFrom().item(true);
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
