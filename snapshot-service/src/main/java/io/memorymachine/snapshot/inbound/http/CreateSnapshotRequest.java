package io.memorymachine.snapshot.inbound.http;

import java.time.Duration;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A request for a snapshot.
 *
 * @param name unique; an RFC 1123 label
 * @param statefulset the workload
 * @param profile {@code hazelcast} unless given
 * @param profileOptions as on the command line: {@code --nopause}
 * @param maxPause the longest time that the cluster may be passive; 30 s unless given
 * @param encrypt whether the images are encrypted at rest; not unless given
 */
@Schema(description = "A request for a snapshot")
public record CreateSnapshotRequest(
        @Schema(examples = "hz-snap-test") @NotNull @Size(max = 253)
        String name,

        @Schema(examples = "demo") @NotNull @Size(max = 253) String namespace,
        @Schema(examples = "hz") @NotNull @Size(max = 253) String statefulset,

        @Schema(examples = "hazelcast", defaultValue = "hazelcast") @Size(max = 63)
        String profile,

        @Schema(examples = "--nopause") @Size(max = 1000) String profileOptions,

        @Schema(examples = "PT30S", defaultValue = "PT30S", implementation = String.class)
        Duration maxPause,

        @Schema(
                examples = "true",
                defaultValue = "false",
                description = "Whether the images are encrypted at rest; every node needs a key for that")
        Boolean encrypt) {
    boolean wantsEncryption() {
        return encrypt != null && encrypt;
    }
}
