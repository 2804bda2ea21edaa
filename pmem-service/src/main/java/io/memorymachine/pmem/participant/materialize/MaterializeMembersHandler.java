package io.memorymachine.pmem.participant.materialize;

import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.pmem.PmemCommand.MaterializeMembers;
import io.memorymachine.contract.pmem.PmemFact.MemberMaterialized;
import io.memorymachine.contract.pmem.PmemReply.MembersMaterialized;
import io.memorymachine.contract.pmem.PmemReply.MembersMaterialized.MaterializedMember;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.pmem.participant.NodeMembers;
import io.memorymachine.pmem.participant.OperationIds;
import io.memorymachine.pmem.runtime.PmemConfig;
import io.memorymachine.pmem.volume.PmemVolume;

/** Puts images back into placeholders, stopped. */
@ApplicationScoped
public class MaterializeMembersHandler extends BlockingCommandHandler<MaterializeMembers> {
    private final NodeMembers members;
    private final PmemVolume volume;
    private final Materializer materializer;
    private final PmemConfig config;

    @Inject
    MaterializeMembersHandler(NodeMembers members, PmemVolume volume, Materializer materializer, PmemConfig config) {
        this.members = members;
        this.volume = volume;
        this.materializer = materializer;
        this.config = config;
    }

    @Override
    public Class<MaterializeMembers> commandType() {
        return MaterializeMembers.class;
    }

    @Override
    protected Outcome handleBlocking(MaterializeMembers command, CommandContext context) {
        String snapshot = OperationIds.require(command.snapshotId());
        List<MaterializeTarget> targets = command.members().stream()
                .map(member -> target(snapshot, member))
                .toList();
        List<MaterializeOutcome> outcomes = materializer.materialize(targets, config.materializeTimeout());
        List<MaterializedMember> done = new ArrayList<>();
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            MemberPlacement member = command.members().get(i);
            long micros = outcomes.get(i).micros();
            members.filled(member);
            done.add(new MaterializedMember(member.member(), micros));
            facts.add(new MemberMaterialized(command.node(), command.operation(), snapshot, member.member(), micros));
        }
        return Outcome.reply(
                new MembersMaterialized(command.node(), command.operation(), done), facts.toArray(Fact[]::new));
    }

    private MaterializeTarget target(String snapshot, MemberPlacement member) {
        return new MaterializeTarget(
                member.member().pod(),
                members.initPid(member),
                members.live(member),
                volume.layout().image(snapshot, member.member()));
    }
}
