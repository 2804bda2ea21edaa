package io.memorymachine.local.bench;

import java.time.Instant;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.contract.pmem.PmemCommand;
import io.memorymachine.contract.pmem.PmemCommand.AbandonOperation;
import io.memorymachine.contract.pmem.PmemCommand.CaptureMembers;
import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemCommand.PrepareMembers;
import io.memorymachine.contract.pmem.PmemCommand.ReserveSpace;
import io.memorymachine.contract.pmem.PmemCommand.SealImages;
import io.memorymachine.contract.pmem.PmemReply;
import io.memorymachine.contract.pmem.PmemReply.CapturedMember;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.contract.pmem.PmemReply.ImagesSealed;
import io.memorymachine.contract.pmem.PmemReply.MembersCaptured;
import io.memorymachine.contract.pmem.PmemReply.MembersPrepared;
import io.memorymachine.contract.pmem.PmemReply.MembersPrepared.PreparedMember;
import io.memorymachine.contract.pmem.PmemReply.OperationAbandoned;
import io.memorymachine.contract.pmem.PmemReply.SpaceReserved;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.workload.MemberPlacement;

/** The answers of a node that succeeds in everything at once: those that a snapshot without a quiesce asks for. */
final class SimulatedWork {
    private static final long CRIU_BYTES = 4096;
    private static final String CHECKSUM = "0".repeat(64);

    private SimulatedWork() {}

    /**
     * The answer to a command.
     *
     * @throws BenchFailedException for a command that no snapshot without a quiesce sends
     */
    static PmemReply answer(PmemCommand command) {
        if (command instanceof ReserveSpace reserve) {
            return new SpaceReserved(reserve.node(), reserve.snapshotId(), ManyWorkloads.HEAP, CaptureMode.CLONE);
        } else if (command instanceof PrepareMembers prepare) {
            return new MembersPrepared(
                    prepare.node(),
                    prepare.snapshotId(),
                    prepare.members().stream()
                            .map(member -> new PreparedMember(member.member(), 1, 0, 1))
                            .toList());
        } else if (command instanceof CaptureMembers capture) {
            return new MembersCaptured(
                    capture.node(),
                    capture.snapshotId(),
                    CaptureMode.CLONE,
                    capture.members().stream().map(SimulatedWork::captured).toList());
        } else if (command instanceof SealImages seal) {
            return new ImagesSealed(
                    seal.node(),
                    seal.snapshotId(),
                    seal.members().stream().map(SimulatedWork::sealed).toList(),
                    Instant.now());
        } else if (command instanceof DiscardImages discard) {
            return new ImagesDiscarded(discard.node(), discard.snapshotId(), 0);
        } else if (command instanceof AbandonOperation abandon) {
            return new OperationAbandoned(abandon.node(), abandon.operation());
        }
        throw new BenchFailedException("nobody answers " + command.wireType());
    }

    private static CapturedMember captured(MemberPlacement member) {
        return new CapturedMember(member.member(), Instant.now(), 1, CRIU_BYTES, ManyWorkloads.HEAP);
    }

    private static SealedImage sealed(MemberPlacement member) {
        return new SealedImage(
                member.member(),
                member.node(),
                member.imageDigest(),
                CHECKSUM,
                ManyWorkloads.HEAP,
                ManyWorkloads.HEAP + CRIU_BYTES,
                CRIU_BYTES,
                CRIU_BYTES,
                2,
                CaptureMode.CLONE);
    }
}
