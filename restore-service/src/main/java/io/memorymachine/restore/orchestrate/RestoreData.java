package io.memorymachine.restore.orchestrate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.soabase.recordbuilder.core.RecordBuilder;

import io.memorymachine.contract.pmem.PmemReply.MembersMaterialized.MaterializedMember;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.snapshot.SnapshotManifest;
import io.memorymachine.contract.workload.MemberPlacement;

/**
 * What the restore saga knows; grows with each reply.
 *
 * @param restoreId also the saga's id
 * @param manifest of the snapshot to restore; null until it is held
 * @param safetyWanted whether what runs is captured first
 * @param safety of the safety snapshot; null until it is taken
 * @param oldMembers as they ran before; null until they are found
 * @param newMembers as they were recreated; null until then
 * @param destroyedAt when the last of the old members had ended
 * @param releasedAt when the last of the new members was let run
 * @param activeAt when the cluster was seen whole, safe and in its state
 * @param rollbackMembers as they were recreated for the rollback
 * @param rollbackFailed whether the safety snapshot could not be put back
 */
@RecordBuilder
public record RestoreData(
        String restoreId,
        String name,
        String snapshot,
        boolean safetyWanted,
        SnapshotManifest manifest,
        SnapshotManifest safety,
        List<MemberPlacement> oldMembers,
        List<MemberPlacement> newMembers,
        List<MaterializedMember> materialized,
        Instant destroyedAt,
        Instant releasedAt,
        Instant activeAt,
        List<MemberPlacement> rollbackMembers,
        boolean rollbackFailed)
        implements RestoreDataBuilder.With {

    /** A request, before anything is known. */
    public static RestoreData requested(String restoreId, String name, String snapshot, boolean safetyWanted) {
        return new RestoreData(
                restoreId,
                name,
                snapshot,
                safetyWanted,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                false);
    }

    /** The new members by node, nodes in order. */
    static Map<String, List<MemberPlacement>> byNode(Collection<MemberPlacement> members) {
        return group(members, MemberPlacement::node);
    }

    /** The images to restore by the node that holds them, nodes in order. */
    Map<String, List<SealedImage>> imagesByNode() {
        return group(manifest.images(), SealedImage::node);
    }

    /** Where each member has to come back: on the node that holds its image. In the order of their ordinals. */
    static List<String> nodes(SnapshotManifest from) {
        return from.images().stream()
                .sorted(Comparator.comparingInt(image -> image.member().ordinal()))
                .map(SealedImage::node)
                .toList();
    }

    private static <T> Map<String, List<T>> group(Collection<T> all, Function<T, String> node) {
        return all.stream().collect(Collectors.groupingBy(node, TreeMap::new, Collectors.toList()));
    }

    /** The operation under which members are recreated and materialized for the rollback. */
    String rollbackOperation() {
        return restoreId + "-rollback";
    }

    /** The operation under which members are started afresh. */
    String restartOperation() {
        return restoreId + "-restart";
    }

    /** Whether a rollback to the safety snapshot is possible still. */
    boolean canRollBack() {
        return safety != null && !rollbackFailed;
    }

    RestoreData recreated(List<MemberPlacement> members, Instant destroyed) {
        return withNewMembers(members).withDestroyedAt(destroyed);
    }

    RestoreData addMaterialized(List<MaterializedMember> more) {
        List<MaterializedMember> all = new ArrayList<>(materialized);
        all.addAll(more);
        all.sort(Comparator.comparingInt(member -> member.member().ordinal()));
        return withMaterialized(all);
    }

    /** The members run when the last node has let its own run, whichever node's reply arrives last. */
    RestoreData released(Instant at) {
        return withReleasedAt(releasedAt == null || at.isAfter(releasedAt) ? at : releasedAt);
    }
}
