package io.memorymachine.restore.inbound.http.snapshots;

import java.nio.file.Path;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.memorymachine.http.auth.file.TokenFile;

/** Sends this service's token, where it has one; the file is read for each request, so that the token may be changed. */
@ApplicationScoped
public class OwnToken implements ClientRequestFilter {
    private final Optional<Path> file;

    @Inject
    OwnToken(@ConfigProperty(name = "mm.snapshot-service.token-file") Optional<Path> file) {
        this.file = file;
    }

    @Override
    public void filter(ClientRequestContext request) {
        file.ifPresent(
                token -> request.getHeaders().putSingle(HttpHeaders.AUTHORIZATION, "Bearer " + TokenFile.read(token)));
    }
}
