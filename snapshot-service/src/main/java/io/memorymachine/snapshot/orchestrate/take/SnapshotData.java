package io.memorymachine.snapshot.orchestrate.take;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.soabase.recordbuilder.core.RecordBuilder;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.contract.pmem.PmemReply.CapturedMember;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.snapshot.SnapshotReply.MembersFound;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;

/**
 * What the snapshot saga knows; grows with each reply.
 *
 * @param snapshotId also the saga's id
 * @param encrypted whether the images are encrypted when they are sealed
 * @param onBehalfOf the restore that wants this as its safety snapshot, or null
 * @param members null until they are found
 * @param clusterState the state before the quiesce, or null
 * @param guardedUntil when the first node brings the cluster back by itself; null until the nodes guard it
 * @param pausedMicros how long the cluster was passive; 0 until it is resumed, and without a pause
 * @param captured what each node has captured
 * @param images what each node has sealed
 */
@RecordBuilder
public record SnapshotData(
        String snapshotId,
        String name,
        WorkloadRef workload,
        ProfileSettings profile,
        boolean encrypted,
        String onBehalfOf,
        List<MemberPlacement> members,
        long heapBytes,
        String clusterState,
        Instant guardedUntil,
        Instant quiescedAt,
        long pausedMicros,
        CaptureMode mode,
        List<CapturedMember> captured,
        List<SealedImage> images,
        Instant sealedAt)
        implements SnapshotDataBuilder.With {

    /** Copies the collections. */
    public SnapshotData {
        members = members == null ? null : List.copyOf(members);
        captured = List.copyOf(captured);
        images = List.copyOf(images);
    }

    /** A request, before anything is known. */
    public static SnapshotData requested(
            String snapshotId,
            String name,
            WorkloadRef workload,
            ProfileSettings profile,
            boolean encrypted,
            String onBehalfOf) {
        return new SnapshotData(
                snapshotId,
                name,
                workload,
                profile,
                encrypted,
                onBehalfOf,
                null,
                0,
                null,
                null,
                null,
                0,
                null,
                List.of(),
                List.of(),
                null);
    }

    /** The members by node, nodes in order. */
    Map<String, List<MemberPlacement>> membersByNode() {
        return members.stream()
                .collect(Collectors.groupingBy(MemberPlacement::node, TreeMap::new, Collectors.toList()));
    }

    SnapshotData found(MembersFound found) {
        return withMembers(found.members()).withHeapBytes(found.heapBytes()).withClusterState(found.clusterState());
    }

    /** The node that waits for the shortest time decides how long the cluster may be passive. */
    SnapshotData guarded(Instant until) {
        return withGuardedUntil(guardedUntil == null || until.isBefore(guardedUntil) ? until : guardedUntil);
    }

    /** One node that cannot clone makes the snapshot as slow as a full dump: that is what is reported. */
    SnapshotData reserved(CaptureMode reserved) {
        return withMode(mode == CaptureMode.FULL ? CaptureMode.FULL : reserved);
    }

    SnapshotData addCaptured(List<CapturedMember> more) {
        List<CapturedMember> all = new ArrayList<>(captured);
        all.addAll(more);
        all.sort(Comparator.comparingInt(member -> member.member().ordinal()));
        return withCaptured(all);
    }

    /** When the first member was frozen; null until all are captured. */
    Instant frozenAt() {
        return captured.stream()
                .map(CapturedMember::frozenAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    SnapshotData addImages(List<SealedImage> more, Instant at) {
        List<SealedImage> all = new ArrayList<>(images);
        all.addAll(more);
        all.sort(Comparator.comparingInt(image -> image.member().ordinal()));
        return withImages(all).withSealedAt(at);
    }
}
