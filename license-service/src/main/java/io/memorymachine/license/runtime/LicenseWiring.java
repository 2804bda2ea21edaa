package io.memorymachine.license.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import io.memorymachine.license.document.LicenseVerifier;
import io.memorymachine.license.document.TrustedKeys;

/** Makes beans of what knows no container. */
@ApplicationScoped
class LicenseWiring {
    private static final Logger LOG = Logger.getLogger(LicenseWiring.class);

    /** Fails, and the start with it, where the keys are configured wrongly. */
    @Produces
    @Singleton
    LicenseVerifier verifier(LicenseConfig config, Clock clock) {
        TrustedKeys keys = config.trustedKeys().map(LicenseWiring::read).orElseGet(TrustedKeys::none);
        if (keys.ids().isEmpty()) {
            LOG.info("mm.license.trusted-keys is not set: every licence will be refused");
        } else {
            LOG.infof("Licences are accepted from the keys %s", keys.ids());
        }
        return new LicenseVerifier(keys, config.allowDevelopment(), clock);
    }

    private static TrustedKeys read(Path path) {
        try {
            return TrustedKeys.read(path);
        } catch (IOException e) {
            throw new IllegalStateException("mm.license.trusted-keys cannot be used: " + e, e);
        }
    }
}
