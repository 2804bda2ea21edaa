package io.memorymachine.http;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Says which version of the product a service is, for all who may ask it anything. */
@Path("/api/v1/version")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "version")
public class VersionResource {
    private final String service;
    private final String product;
    private final String api;

    @Inject
    VersionResource(
            @ConfigProperty(name = "quarkus.application.name") String service,
            @ConfigProperty(name = "quarkus.application.version") String product,
            @ConfigProperty(name = "quarkus.smallrye-openapi.info-version", defaultValue = "v1") String api) {
        this.service = service;
        this.product = product;
        this.api = api;
    }

    /** Never changes while the service runs. */
    @GET
    @Operation(summary = "Show the service's version")
    public VersionView get() {
        return new VersionView(service, product, api);
    }

    /**
     * The version of a service.
     *
     * @param product of the release that it belongs to
     * @param api of this interface
     */
    public record VersionView(
            @Schema(examples = "snapshot-service") String service,
            @Schema(examples = "0.1.0") String product,
            @Schema(examples = "v1") String api) {}
}
