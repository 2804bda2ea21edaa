package io.memorymachine.snapshot.inbound.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.pmem.PmemReply.CapturedMember;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.saga.progress.StepView;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;
import io.memorymachine.snapshot.orchestrate.take.SnapshotData;
import io.memorymachine.snapshot.store.Catalogue;
import io.memorymachine.snapshot.store.SnapshotPhase;
import io.memorymachine.snapshot.store.SnapshotRow;

/** Builds views from a catalogue entry and the saga behind it. */
@ApplicationScoped
class SnapshotViews {
    private final Catalogue catalogue;

    @Inject
    SnapshotViews(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    SnapshotView view(SnapshotRow row, SagaState<SnapshotData> saga, String workloadLockedBy) {
        SnapshotData data = saga == null ? null : saga.data();
        List<SealedImage> images = data == null ? List.of() : data.images();
        return new SnapshotView(
                row.id(),
                row.name(),
                row.workloadRef().namespace(),
                row.workloadRef().name(),
                row.profileSettings().name(),
                row.profileSettings().pause(),
                data != null && data.encrypted(),
                phase(row, saga),
                saga == null ? null : saga.step(),
                row.requestedAt(),
                row.finishedAt(),
                StepView.of(saga),
                data == null || data.members() == null ? List.of() : members(data),
                data == null ? 0 : data.pausedMicros(),
                data == null ? null : data.mode(),
                images.stream().mapToLong(SealedImage::totalBytes).sum(),
                images.stream().mapToLong(SealedImage::uniqueBytes).sum(),
                catalogue.failure(row),
                workloadLockedBy,
                row.verifiedAt(),
                catalogue.verificationFailure(row));
    }

    private static String phase(SnapshotRow row, SagaState<SnapshotData> saga) {
        boolean undoing =
                row.phase() == SnapshotPhase.RUNNING && saga != null && saga.phase() == SagaPhase.COMPENSATING;
        return undoing
                ? "compensating"
                : row.phase().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static List<SnapshotView.MemberView> members(SnapshotData data) {
        Map<String, CapturedMember> captured =
                byPod(data.captured(), member -> member.member().pod());
        Map<String, SealedImage> sealed =
                byPod(data.images(), image -> image.member().pod());
        return data.members().stream()
                .map(member -> member(
                        member,
                        captured.get(member.member().pod()),
                        sealed.get(member.member().pod())))
                .toList();
    }

    private static SnapshotView.MemberView member(MemberPlacement member, CapturedMember captured, SealedImage sealed) {
        return new SnapshotView.MemberView(
                member.member().pod(),
                member.node(),
                member.address(),
                member.imageDigest(),
                captured == null ? null : captured.frozenAt(),
                captured == null ? null : captured.frozenMicros(),
                captured == null ? null : captured.heapBytes(),
                captured == null ? null : captured.criuBytes(),
                sealed == null ? null : sealed.totalBytes(),
                sealed == null ? null : sealed.uniqueBytes(),
                sealed == null ? null : sealed.mode());
    }

    private static <T> Map<String, T> byPod(List<T> all, Function<T, String> pod) {
        return all.stream().collect(Collectors.toMap(pod, Function.identity()));
    }
}
