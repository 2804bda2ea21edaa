package io.memorymachine.contract.pmem;

import java.time.Instant;

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
            Instant at)
            implements PmemFact {}

    /** A member was captured. */
    @TypeId("pmem.member-captured.v1")
    record MemberCaptured(String node, String snapshotId, MemberRef member, CaptureMode mode, long frozenMicros)
            implements PmemFact {}

    /** A member was put back into its placeholder. */
    @TypeId("pmem.member-materialized.v1")
    record MemberMaterialized(String node, String operation, String snapshotId, MemberRef member, long micros)
            implements PmemFact {}
}
