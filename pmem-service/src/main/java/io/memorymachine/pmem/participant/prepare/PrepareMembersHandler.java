package io.memorymachine.pmem.participant.prepare;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.pmem.PmemCommand.PrepareMembers;
import io.memorymachine.contract.pmem.PmemReply.MembersPrepared;
import io.memorymachine.contract.pmem.PmemReply.MembersPrepared.PreparedMember;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.pmem.participant.NodeMembers;
import io.memorymachine.pmem.participant.OperationIds;
import io.memorymachine.pmem.participant.capture.ArmedCaptures;
import io.memorymachine.pmem.participant.capture.CaptureTargets;
import io.memorymachine.pmem.volume.PmemVolume;

/**
 * Makes the members ready for a capture while they run on: their dirty heap pages are written back, and what captures them
 * waits beside them. Repeated, it does both again.
 */
@ApplicationScoped
public class PrepareMembersHandler extends BlockingCommandHandler<PrepareMembers> {
    private final NodeMembers members;
    private final HeapFlusher flusher;
    private final PmemVolume volume;
    private final CaptureTargets targets;
    private final ArmedCaptures armed;

    @Inject
    PrepareMembersHandler(
            NodeMembers members, HeapFlusher flusher, PmemVolume volume, CaptureTargets targets, ArmedCaptures armed) {
        this.members = members;
        this.flusher = flusher;
        this.volume = volume;
        this.targets = targets;
        this.armed = armed;
    }

    @Override
    public Class<PrepareMembers> commandType() {
        return PrepareMembers.class;
    }

    @Override
    protected Outcome handleBlocking(PrepareMembers command, CommandContext context) {
        String snapshot = OperationIds.require(command.snapshotId());
        List<PreparedMember> flushed = NodeMembers.forAll(command.members(), this::flush);
        // After what takes long: it waits for half a minute only.
        armed.arm(snapshot, targets.of(snapshot, command.members()), volume.captureMode());
        return Outcome.reply(new MembersPrepared(command.node(), snapshot, flushed));
    }

    private PreparedMember flush(MemberPlacement member) {
        HeapFlusher.Flushed flushed = flusher.flush(members.capturable(member), members.live(member));
        return new PreparedMember(member.member(), flushed.rounds(), flushed.dirtyBytes(), flushed.micros());
    }
}
