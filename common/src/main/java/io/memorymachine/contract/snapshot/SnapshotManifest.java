package io.memorymachine.contract.snapshot;

import java.time.Instant;
import java.util.List;

import io.memorymachine.contract.envelope.Bounds;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;

/**
 * What a sealed snapshot consists of.
 *
 * @param snapshotId the id under which the nodes keep the images
 * @param clusterState the state of the cluster before it was quiesced, or null where it was not
 * @param frozenAt wall clock at which the first member was frozen: the restored members' clocks jump from there; null in
 *     manifests that are older than this field
 * @param members the members as they ran when they were captured
 * @param images one for each member
 * @param encrypted whether they are encrypted
 */
public record SnapshotManifest(
        String snapshotId,
        String name,
        WorkloadRef workload,
        ProfileSettings profile,
        String clusterState,
        Instant frozenAt,
        Instant sealedAt,
        List<MemberPlacement> members,
        List<SealedImage> images,
        boolean encrypted) {
    /** Refuses what no sender means. */
    public SnapshotManifest {
        Bounds.required("snapshotId", snapshotId);
        Bounds.required("name", name);
        Bounds.present("workload", workload);
        Bounds.present("profile", profile);
        Bounds.optional("clusterState", clusterState);
        members = Bounds.list("members", members);
        images = Bounds.list("images", images);
    }
}
