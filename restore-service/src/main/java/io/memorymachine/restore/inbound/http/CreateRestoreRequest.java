package io.memorymachine.restore.inbound.http;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A request for a restore.
 *
 * @param name unique; an RFC 1123 label; the snapshot's name with five random letters unless given
 * @param snapshot the name of a sealed snapshot
 * @param safetySnapshot whether what runs now is captured first, so that a failure can be rolled back; true unless given
 */
@Schema(description = "A request for a restore")
public record CreateRestoreRequest(
        @Schema(examples = "back-to-monday", description = "The snapshot's name with five random letters unless given")
        @Size(max = 253)
        String name,

        @Schema(examples = "hz-snap-test") @NotNull @Size(max = 253)
        String snapshot,

        @Schema(
                examples = "true",
                defaultValue = "true",
                description = "Whether what runs now is captured first, so that a failure can be rolled back")
        Boolean safetySnapshot) {
    boolean wantsSafetySnapshot() {
        return safetySnapshot == null || safetySnapshot;
    }
}
