package io.memorymachine.restore.participant.find;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.restore.RestoreCommand.FindTargets;
import io.memorymachine.contract.restore.RestoreReply.TargetsFound;
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.platform.Workload;
import io.memorymachine.platform.WorkloadPlatform;

/**
 * Finds the members that a restore will replace, and whether their workload can take the images. Dead members are no
 * obstacle, since bringing them back is what a restore is for: what counts is what the workload is meant to be. Changes
 * nothing.
 */
@ApplicationScoped
public class FindTargetsHandler extends BlockingCommandHandler<FindTargets> {
    /** A heap file may be larger than the heap that was asked for: the collectors round it up to their regions. */
    private static final long ROUNDED_UP = 32L << 20;

    private final WorkloadPlatform platform;

    @Inject
    FindTargetsHandler(WorkloadPlatform platform) {
        this.platform = platform;
    }

    @Override
    public Class<FindTargets> commandType() {
        return FindTargets.class;
    }

    @Override
    protected Outcome handleBlocking(FindTargets command, CommandContext context) {
        requireEachMembersImage(command);
        Workload workload = platform.find(command.workload());
        if (workload.replicas() != command.members()) {
            throw new OperationFailedException(
                    FailureReason.MEMBER_COUNT_MISMATCH,
                    command.workload() + " has " + workload.replicas() + " members, the snapshot has "
                            + command.members());
        }
        command.images().forEach(image -> requireRoomFor(image, workload));
        return Outcome.reply(new TargetsFound(workload.members()));
    }

    private static void requireEachMembersImage(FindTargets command) {
        Set<MemberRef> expected = IntStream.range(0, command.members())
                .mapToObj(ordinal -> new MemberRef(command.workload(), ordinal))
                .collect(Collectors.toSet());
        List<MemberRef> held =
                command.images().stream().map(SealedImage::member).toList();
        if (held.size() != expected.size() || !expected.equals(Set.copyOf(held))) {
            throw new OperationFailedException(
                    FailureReason.MANIFEST_MISMATCH,
                    "The snapshot's manifest names " + command.members() + " members of " + command.workload()
                            + " and the images of " + held);
        }
    }

    private static void requireRoomFor(SealedImage image, Workload workload) {
        if (workload.imageDigest() != null && !workload.imageDigest().equals(image.imageDigest())) {
            throw new OperationFailedException(
                    FailureReason.IMAGE_DIGEST_MISMATCH,
                    workload.ref() + " is to run the container image " + workload.imageDigest() + ", the image of "
                            + image.member() + " was made of " + image.imageDigest());
        }
        if (image.heapBytes() > workload.heapBytes() + ROUNDED_UP) {
            throw new OperationFailedException(
                    FailureReason.HEAP_TOO_SMALL,
                    workload.ref() + " allows a heap of " + workload.heapBytes() + " bytes, the image of "
                            + image.member() + " holds one of " + image.heapBytes());
        }
        // The heap on the volume is not counted: fsdax has no page cache, and that of a loop device can be written
        // back.
        if (workload.memoryLimitBytes() != null && image.criuBytes() > workload.memoryLimitBytes()) {
            throw new OperationFailedException(
                    FailureReason.HEAP_TOO_SMALL,
                    workload.ref() + " limits a container's memory to " + workload.memoryLimitBytes()
                            + " bytes, the image of " + image.member() + " holds " + image.criuBytes()
                            + " beside the heap on the volume");
        }
    }
}
