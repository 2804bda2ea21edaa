package io.memorymachine.license.inbound.http;

import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import io.memorymachine.http.Problem;
import io.memorymachine.http.auth.Permissions;
import io.memorymachine.license.install.LicenseKeeper;

import static io.memorymachine.http.auth.Permissions.LICENSES;

/** Installs, shows and verifies licences. A licence file is taken byte for byte, whatever media type it is sent as. */
@Path("/api/v1/license")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "license", description = "The licence of this installation")
public class LicenseResource {
    private final LicenseKeeper keeper;
    private final Permissions permissions;

    @Inject
    LicenseResource(LicenseKeeper keeper, Permissions permissions) {
        this.keeper = keeper;
        this.permissions = permissions;
    }

    /** The installed licence; also answered where there is none. */
    @GET
    @Operation(summary = "Shows the installed licence, whether it holds, and what counts against it")
    @APIResponse(
            responseCode = "200",
            description = "The licence, or that there is none",
            content = @Content(schema = @Schema(implementation = LicenseView.class)))
    public Uni<LicenseView> show() {
        return permissions
                .require("get", LICENSES, null)
                .chain(keeper::standing)
                .map(LicenseView::of);
    }

    /** Installs a licence in the place of the present one. */
    @PUT
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Installs a licence file", description = "Nothing changes unless the licence holds now.")
    @APIResponse(
            responseCode = "200",
            description = "It is installed",
            content = @Content(schema = @Schema(implementation = LicenseView.class)))
    @APIResponse(
            responseCode = "400",
            description = "LICENSE_MALFORMED",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "403",
            description = "LICENSE_WRONG_KEY, LICENSE_TAMPERED, LICENSE_EXPIRED, LICENSE_NOT_YET_VALID or"
                    + " LICENSE_DEVELOPMENT_ONLY",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "413",
            description = "PAYLOAD_TOO_LARGE",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<LicenseView> install(byte[] file) {
        return permissions
                .require("update", LICENSES, null)
                .chain(() -> keeper.install(orEmpty(file), "http"))
                .map(LicenseView::of);
    }

    /** Says what would come of installing a file, and installs nothing. */
    @POST
    @Path("/verify")
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Verifies a licence file without installing it")
    @APIResponse(
            responseCode = "200",
            description = "Whether it holds, and if not, why",
            content = @Content(schema = @Schema(implementation = VerificationView.class)))
    @APIResponse(
            responseCode = "413",
            description = "PAYLOAD_TOO_LARGE",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<VerificationView> verify(byte[] file) {
        return permissions
                .require("get", LICENSES, null)
                .map(permitted -> VerificationView.of(keeper.inspect(orEmpty(file))));
    }

    private static byte[] orEmpty(byte[] file) {
        return file == null ? new byte[0] : file;
    }
}
