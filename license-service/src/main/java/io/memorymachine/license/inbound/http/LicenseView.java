package io.memorymachine.license.inbound.http;

import java.time.Instant;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.license.document.License;
import io.memorymachine.license.install.Standing;

/** The installed licence as callers see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "The installed licence and what counts against it")
record LicenseView(
        @Schema(enumeration = {"valid", "invalid", "missing"})
        Status status,

        @Schema(description = "The terms; absent where there is no licence, or no trusted signature vouches for them")
        License license,

        @Schema(description = "Why the licence does not hold; absent where it does")
        Failure failure,

        @Schema(description = "How it came: http or file") String source,
        Instant installedAt,
        Usage usage) {
    enum Status {
        @JsonProperty("valid")
        VALID,
        @JsonProperty("invalid")
        INVALID,
        @JsonProperty("missing")
        MISSING
    }

    record Usage(
            @Schema(description = "Nodes that report a volume or take part in a running operation")
            Set<String> nodes,

            @Schema(description = "Live heaps and snapshots on all nodes, in bytes")
            long usedBytes,

            @Schema(description = "What running operations may add, in bytes")
            long leasedBytes,

            @Schema(description = "How many operations run") int operations) {}

    static LicenseView of(Standing standing) {
        Failure failure = standing.check().failure();
        Status status = failure == null
                ? Status.VALID
                : failure.reason() == FailureReason.LICENSE_MISSING ? Status.MISSING : Status.INVALID;
        return new LicenseView(
                status,
                standing.check().license(),
                failure,
                standing.source(),
                standing.installedAt(),
                new Usage(
                        standing.commitments().nodes(),
                        standing.commitments().usedBytes(),
                        standing.commitments().leasedBytes(),
                        standing.commitments().operations()));
    }
}
