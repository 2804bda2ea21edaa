package io.memorymachine.saga.engine;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemCommand.ReserveSpace;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.contract.pmem.PmemReply.SpaceReserved;
import io.memorymachine.contract.snapshot.SnapshotCommand.FindMembers;
import io.memorymachine.contract.snapshot.SnapshotCommand.ResumeWorkload;
import io.memorymachine.contract.snapshot.SnapshotReply.MembersFound;
import io.memorymachine.contract.snapshot.SnapshotReply.WorkloadResumed;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.CommandHandler;
import io.memorymachine.participant.Outcome;

/** What the participant of the tests does with each command; counts executions. */
@ApplicationScoped
class Script {
    /** What happens at the nth execution of a command (from 1) that would usually be answered by this reply. */
    interface Deviation {
        Uni<Outcome> at(int execution, Reply usual);
    }

    private final Map<String, Deviation> deviations = new ConcurrentHashMap<>();
    private final Map<String, Integer> executions = new ConcurrentHashMap<>();

    void deviate(String commandKey, Deviation deviation) {
        deviations.put(commandKey, deviation);
    }

    int executions(String commandKey) {
        return executions.getOrDefault(commandKey, 0);
    }

    Uni<Outcome> play(CommandContext context, Reply usual) {
        int execution = executions.merge(context.commandKey(), 1, Integer::sum);
        return deviations
                .getOrDefault(
                        context.commandKey(), (nth, reply) -> Uni.createFrom().item(Outcome.reply(reply)))
                .at(execution, usual);
    }

    /** One handler for each command of the rehearsal. */
    abstract static class Handler<C extends Command> implements CommandHandler<C> {
        @Inject
        Script script;

        private final Class<C> type;

        Handler(Class<C> type) {
            this.type = type;
        }

        @Override
        public Class<C> commandType() {
            return type;
        }

        @Override
        public Uni<Outcome> handle(C command, CommandContext context) {
            return script.play(context, reply(command));
        }

        abstract Reply reply(C command);
    }

    @ApplicationScoped
    static class FindHandler extends Handler<FindMembers> {
        FindHandler() {
            super(FindMembers.class);
        }

        @Override
        Reply reply(FindMembers command) {
            return new MembersFound(List.of(), 1, null);
        }
    }

    @ApplicationScoped
    static class ReserveHandler extends Handler<ReserveSpace> {
        ReserveHandler() {
            super(ReserveSpace.class);
        }

        @Override
        Reply reply(ReserveSpace command) {
            return new SpaceReserved(command.node(), command.snapshotId(), 1, CaptureMode.CLONE);
        }
    }

    @ApplicationScoped
    static class DiscardHandler extends Handler<DiscardImages> {
        DiscardHandler() {
            super(DiscardImages.class);
        }

        @Override
        Reply reply(DiscardImages command) {
            return new ImagesDiscarded(command.node(), command.snapshotId(), 1);
        }
    }

    @ApplicationScoped
    static class ResumeHandler extends Handler<ResumeWorkload> {
        ResumeHandler() {
            super(ResumeWorkload.class);
        }

        @Override
        Reply reply(ResumeWorkload command) {
            return new WorkloadResumed(command.snapshotId(), "ACTIVE", Instant.EPOCH, 0);
        }
    }
}
