package io.memorymachine.pmem.participant.capture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.jboss.logging.Logger;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.contract.pmem.PmemCommand.CaptureMembers;
import io.memorymachine.contract.pmem.PmemFact.MemberCaptured;
import io.memorymachine.contract.pmem.PmemReply.CapturedMember;
import io.memorymachine.contract.pmem.PmemReply.MembersCaptured;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.pmem.image.CaptureRecord;
import io.memorymachine.pmem.image.MemberImages;
import io.memorymachine.pmem.participant.OperationIds;
import io.memorymachine.pmem.runtime.PmemConfig;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.pmem.volume.PmemVolume;

/**
 * Captures all members of the node together, with what the preparation has armed if it still waits.
 *
 * <p>If the service dies while members are frozen, the hooks lose their connection and CRIU lets the members run on. If it
 * dies after the capture and before its reply is committed, the command comes again and finds the images there.
 */
@ApplicationScoped
public class CaptureMembersHandler extends BlockingCommandHandler<CaptureMembers> {
    private static final Logger LOG = Logger.getLogger(CaptureMembersHandler.class);

    private final PmemVolume volume;
    private final CaptureTargets targets;
    private final ArmedCaptures armed;
    private final Checkpointer checkpointer;
    private final MemberImages images;
    private final PmemConfig config;

    @Inject
    CaptureMembersHandler(
            PmemVolume volume,
            CaptureTargets targets,
            ArmedCaptures armed,
            Checkpointer checkpointer,
            MemberImages images,
            PmemConfig config) {
        this.volume = volume;
        this.targets = targets;
        this.armed = armed;
        this.checkpointer = checkpointer;
        this.images = images;
        this.config = config;
    }

    @Override
    public Class<CaptureMembers> commandType() {
        return CaptureMembers.class;
    }

    @Override
    protected Outcome handleBlocking(CaptureMembers command, CommandContext context) {
        String snapshot = OperationIds.require(command.snapshotId());
        try {
            Optional<List<CapturedMember>> before = captured(snapshot, command.members());
            if (before.isPresent()) {
                return outcome(command, before.get());
            }
            // A capture that died half-way is no capture: a part of it would be of another moment than the rest.
            Trees.remove(volume.layout().snapshot(snapshot));
            Trees.create(volume.layout().snapshot(snapshot));
            capture(snapshot, targets.of(snapshot, command.members()));
            return outcome(
                    command,
                    captured(snapshot, command.members())
                            .orElseThrow(() -> new IllegalStateException("a capture left no record")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void capture(String snapshot, List<CaptureTarget> targets) {
        Optional<ArmedCapture> waiting = armed.take(snapshot, targets);
        List<CaptureOutcome> outcomes = waiting.isPresent()
                ? capture(waiting.get())
                : checkpointer.capture(targets, volume.captureMode(), config.captureTimeout());
        outcomes.forEach(outcome -> LOG.infof("snapshot=%s captured %s", snapshot, outcome));
    }

    private List<CaptureOutcome> capture(ArmedCapture waiting) {
        try (waiting) {
            return waiting.capture(config.captureTimeout());
        }
    }

    /** What all images' records say, or empty unless all are there. */
    private Optional<List<CapturedMember>> captured(String snapshot, List<MemberPlacement> placements)
            throws IOException {
        List<CapturedMember> all = new ArrayList<>();
        for (MemberPlacement member : placements) {
            Path image = volume.layout().image(snapshot, member.member());
            Optional<CaptureRecord> record = images.recorded(image);
            if (record.isEmpty()) {
                return Optional.empty();
            }
            all.add(new CapturedMember(
                    member.member(),
                    record.get().frozenAt(),
                    record.get().frozenMicros(),
                    Trees.size(image.resolve("criu")),
                    record.get().heapBytes()));
        }
        return Optional.of(all);
    }

    private Outcome outcome(CaptureMembers command, List<CapturedMember> captured) {
        CaptureMode mode = volume.captureMode();
        List<Fact> facts = new ArrayList<>();
        captured.forEach(member -> facts.add(new MemberCaptured(
                command.node(), command.snapshotId(), member.member(), mode, member.frozenMicros())));
        return Outcome.reply(
                new MembersCaptured(command.node(), command.snapshotId(), mode, captured), facts.toArray(Fact[]::new));
    }
}
