package io.memorymachine.pmem.participant.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.pmem.PmemCommand.VerifyImages;
import io.memorymachine.contract.pmem.PmemReply.ImagesVerified;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.participant.WorkMeter;
import io.memorymachine.participant.WorkProgress;
import io.memorymachine.pmem.image.MemberImages;
import io.memorymachine.pmem.participant.OperationIds;
import io.memorymachine.pmem.runtime.VerifiedCriu;
import io.memorymachine.pmem.volume.PmemVolume;
import io.memorymachine.pmem.volume.Reservations;

/** Checks that images can be put back. Touches neither images nor members. */
@ApplicationScoped
public class VerifyImagesHandler extends BlockingCommandHandler<VerifyImages> {
    private final PmemVolume volume;
    private final Reservations reservations;
    private final MemberImages images;
    private final VerifiedCriu criu;
    private final WorkProgress progress;

    @Inject
    VerifyImagesHandler(
            PmemVolume volume,
            Reservations reservations,
            MemberImages images,
            VerifiedCriu criu,
            WorkProgress progress) {
        this.volume = volume;
        this.reservations = reservations;
        this.images = images;
        this.criu = criu;
        this.progress = progress;
    }

    @Override
    public Class<VerifyImages> commandType() {
        return VerifyImages.class;
    }

    @Override
    protected Outcome handleBlocking(VerifyImages command, CommandContext context) {
        String snapshot = OperationIds.require(command.snapshotId());
        criu.require();
        for (MemberPlacement member : command.members()) {
            command.images().stream()
                    .filter(image -> image.member().equals(member.member()))
                    .filter(image -> !image.imageDigest().equals(member.imageDigest()))
                    .findFirst()
                    .ifPresent(image -> {
                        throw new OperationFailedException(
                                FailureReason.IMAGE_DIGEST_MISMATCH,
                                member.member() + " runs the container image " + member.imageDigest()
                                        + ", the snapshot was made of " + image.imageDigest());
                    });
        }
        requireSpace(command);
        long bytes;
        try (WorkMeter meter = progress.begin(context, command.node())) {
            command.images().forEach(image -> meter.expect(image.totalBytes()));
            MemberImages counted = images.counting(meter);
            bytes = command.images().parallelStream()
                    .mapToLong(image -> verify(counted, snapshot, image))
                    .sum();
        }
        return Outcome.reply(new ImagesVerified(command.node(), snapshot, bytes));
    }

    private long verify(MemberImages counted, String snapshot, SealedImage image) {
        Path folder = volume.layout().image(snapshot, image.member());
        try {
            long bytes = counted.verify(folder, image.manifestSha256()).totalBytes();
            images.checkCpu(folder);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("the image of " + image.member() + " cannot be read", e);
        }
    }

    /** Restored heaps share their blocks with the image at first and take as much of their own in the course of time. */
    private void requireSpace(VerifyImages command) {
        long needed = command.images().stream()
                .mapToLong(image -> image.heapBytes() + image.criuBytes())
                .sum();
        try {
            reservations.requireFree(needed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
