package io.memorymachine.pmem.participant.prepare;

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

/** Writes the members' dirty heap pages back while they run on. */
@ApplicationScoped
public class PrepareMembersHandler extends BlockingCommandHandler<PrepareMembers> {
    private final NodeMembers members;
    private final HeapFlusher flusher;

    @Inject
    PrepareMembersHandler(NodeMembers members, HeapFlusher flusher) {
        this.members = members;
        this.flusher = flusher;
    }

    @Override
    public Class<PrepareMembers> commandType() {
        return PrepareMembers.class;
    }

    @Override
    protected Outcome handleBlocking(PrepareMembers command, CommandContext context) {
        return Outcome.reply(new MembersPrepared(
                command.node(), command.snapshotId(), NodeMembers.forAll(command.members(), this::flush)));
    }

    private PreparedMember flush(MemberPlacement member) {
        HeapFlusher.Flushed flushed = flusher.flush(members.capturable(member), members.live(member));
        return new PreparedMember(member.member(), flushed.rounds(), flushed.dirtyBytes(), flushed.micros());
    }
}
