package io.memorymachine.pmem.participant.capture;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.pmem.participant.NodeMembers;
import io.memorymachine.pmem.volume.PmemVolume;

/** Where the members of a snapshot run now, and where their images belong. */
@ApplicationScoped
public class CaptureTargets {
    private final NodeMembers members;
    private final PmemVolume volume;

    @Inject
    CaptureTargets(NodeMembers members, PmemVolume volume) {
        this.members = members;
        this.volume = volume;
    }

    /**
     * A target for each placement, in their order.
     *
     * @throws io.memorymachine.failure.OperationFailedException MEMBER_DOWN, MEMBER_CHANGED, HEAP_NOT_ON_VOLUME
     */
    public List<CaptureTarget> of(String snapshot, List<MemberPlacement> placements) {
        return placements.stream()
                .map(member -> new CaptureTarget(
                        member.member().pod(),
                        members.capturable(member),
                        members.live(member),
                        volume.layout().image(snapshot, member.member())))
                .toList();
    }
}
