package io.memorymachine.pmem.participant.abandon;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.jboss.logging.Logger;

import io.memorymachine.contract.pmem.PmemCommand.AbandonOperation;
import io.memorymachine.contract.pmem.PmemReply.OperationAbandoned;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.pmem.participant.NodeMembers;
import io.memorymachine.pmem.participant.capture.ArmedCaptures;
import io.memorymachine.pmem.participant.materialize.Materializer;

/**
 * Ends what an operation left on the node. Commands of one saga are executed in order, so nothing of the operation runs
 * any more: what remains are names and folders of a dump, and members that are stopped.
 */
@ApplicationScoped
public class AbandonOperationHandler extends BlockingCommandHandler<AbandonOperation> {
    private static final Logger LOG = Logger.getLogger(AbandonOperationHandler.class);

    private final NodeMembers members;
    private final Materializer materializer;
    private final ArmedCaptures armed;

    @Inject
    AbandonOperationHandler(NodeMembers members, Materializer materializer, ArmedCaptures armed) {
        this.members = members;
        this.materializer = materializer;
        this.armed = armed;
    }

    @Override
    public Class<AbandonOperation> commandType() {
        return AbandonOperation.class;
    }

    @Override
    protected Outcome handleBlocking(AbandonOperation command, CommandContext context) {
        armed.disarm(command.operation());
        command.members().forEach(this::abandon);
        return Outcome.reply(new OperationAbandoned(command.node(), command.operation()));
    }

    private void abandon(MemberPlacement member) {
        long initPid;
        try {
            initPid = members.initPid(member);
        } catch (OperationFailedException gone) {
            if (!Set.of(FailureReason.MEMBER_DOWN, FailureReason.MEMBER_CHANGED).contains(gone.reason())) {
                throw gone;
            }
            // Its folder goes with it, or belongs to its successor by now.
            LOG.infof("member=%s has nothing to abandon: %s", member.member(), gone.getMessage());
            return;
        }
        materializer.abandon(initPid, members.live(member));
    }
}
