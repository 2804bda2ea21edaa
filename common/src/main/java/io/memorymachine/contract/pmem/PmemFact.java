package io.memorymachine.contract.pmem;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.envelope.TypeId;
import io.memorymachine.contract.workload.MemberRef;

/** What pmem-service tells everybody. */
public sealed interface PmemFact extends Fact {
    /**
     * How full a node's volume is; all in bytes.
     *
     * @param live live heaps
     * @param snapshots what snapshots occupy beyond the live heaps
     * @param shared what snapshots share with live heaps or each other
     * @param reserved set aside for running operations
     * @param unknownSnapshots how many sealed snapshots lie here that no catalogue knows; null where that is not known yet
     */
    @TypeId("pmem.usage-reported.v1")
    record UsageReported(
            String node,
            String mode,
            long capacity,
            long live,
            long snapshots,
            long shared,
            long reserved,
            long free,
            Instant at,
            Integer unknownSnapshots)
            implements PmemFact {}

    /**
     * What a node's volume holds of snapshots and operations, finished or not.
     *
     * @param holdings at most {@value #MOST_HOLDINGS}: those of least use first
     */
    @TypeId("pmem.inventory.v1")
    record InventoryTaken(String node, List<Holding> holdings, Instant at) implements PmemFact {
        /** So that the message stays far below what the broker takes. */
        public static final int MOST_HOLDINGS = 2000;

        /**
         * What the node holds under one id.
         *
         * @param id the snapshot's
         * @param aged whether it has lain there, unchanged, for so long that nobody can be about to use it for the first time
         */
        public record Holding(String id, Content content, boolean aged) {}

        /** How much of a snapshot there is; the order is that of {@link InventoryTaken#holdings}. */
        public enum Content {
            /** Only space set aside. */
            @JsonProperty("reservation")
            RESERVATION,
            /** Images, at least one of which is not sealed. */
            @JsonProperty("unsealed")
            UNSEALED,
            /** Images that are all sealed. */
            @JsonProperty("sealed")
            SEALED
        }
    }

    /** A member was captured. */
    @TypeId("pmem.member-captured.v1")
    record MemberCaptured(String node, String snapshotId, MemberRef member, CaptureMode mode, long frozenMicros)
            implements PmemFact {}

    /** A member was put back into its placeholder. */
    @TypeId("pmem.member-materialized.v1")
    record MemberMaterialized(String node, String operation, String snapshotId, MemberRef member, long micros)
            implements PmemFact {}
}
