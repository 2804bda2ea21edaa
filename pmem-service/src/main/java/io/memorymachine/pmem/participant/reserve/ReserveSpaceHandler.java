package io.memorymachine.pmem.participant.reserve;

import java.io.IOException;
import java.io.UncheckedIOException;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.contract.pmem.PmemCommand.ReserveSpace;
import io.memorymachine.contract.pmem.PmemReply.SpaceReserved;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.pmem.image.ImageKeys;
import io.memorymachine.pmem.member.MemberProcess;
import io.memorymachine.pmem.member.ProcFs;
import io.memorymachine.pmem.participant.NodeMembers;
import io.memorymachine.pmem.participant.OperationIds;
import io.memorymachine.pmem.runtime.VerifiedCriu;
import io.memorymachine.pmem.volume.PmemVolume;
import io.memorymachine.pmem.volume.Reservations;

/**
 * Checks all that a capture needs and sets space aside for it.
 *
 * <p>A clone shares its blocks with the live heap, but each block that the application writes afterwards is allocated
 * anew, and a volume that is full then kills the application (SIGBUS on a mapped page). So as much is set aside as if the
 * heap were copied.
 */
@ApplicationScoped
public class ReserveSpaceHandler extends BlockingCommandHandler<ReserveSpace> {
    /** For CRIU's tables, logs and the container's changed files. */
    private static final long MARGIN = 64L << 20;

    private final NodeMembers members;
    private final PmemVolume volume;
    private final Reservations reservations;
    private final VerifiedCriu criu;
    private final ImageKeys keys;
    private final ProcFs proc;

    @Inject
    ReserveSpaceHandler(
            NodeMembers members,
            PmemVolume volume,
            Reservations reservations,
            VerifiedCriu criu,
            ImageKeys keys,
            ProcFs proc) {
        this.members = members;
        this.volume = volume;
        this.reservations = reservations;
        this.criu = criu;
        this.keys = keys;
        this.proc = proc;
    }

    @Override
    public Class<ReserveSpace> commandType() {
        return ReserveSpace.class;
    }

    @Override
    protected Outcome handleBlocking(ReserveSpace command, CommandContext context) {
        String snapshot = OperationIds.require(command.snapshotId());
        if (!volume.isOpen()) {
            throw new OperationFailedException(
                    FailureReason.VOLUME_NOT_READY, "The pmem volume " + volume.root() + " is not mounted");
        }
        criu.require();
        if (command.encrypted()) {
            // A key that is missing when the images are sealed would come too late.
            keys.require();
        }
        CaptureMode mode = volume.captureMode();
        // While an image is encrypted, its plain files are there too.
        int copies = command.encrypted() ? 2 : 1;
        long bytes = copies
                * NodeMembers.forAll(command.members(), this::needed).stream()
                        .mapToLong(Long::longValue)
                        .sum();
        try {
            reservations.reserve(snapshot, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Outcome.reply(new SpaceReserved(command.node(), snapshot, bytes, mode));
    }

    private long needed(MemberPlacement member) {
        MemberProcess process = members.capturable(member);
        try {
            return proc.heapBytes(process) + proc.anonymousBytes(process) + MARGIN;
        } catch (IOException e) {
            throw new OperationFailedException(
                    FailureReason.MEMBER_DOWN, member.member() + " ended while it was looked at", e);
        }
    }
}
