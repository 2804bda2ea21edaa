package io.memorymachine.pmem.participant.seal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.pmem.PmemCommand.SealImages;
import io.memorymachine.contract.pmem.PmemReply.ImagesSealed;
import io.memorymachine.contract.pmem.SealedImage;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.participant.WorkMeter;
import io.memorymachine.participant.WorkProgress;
import io.memorymachine.pmem.image.ImageCipher;
import io.memorymachine.pmem.image.ImageKeys;
import io.memorymachine.pmem.image.MemberImage;
import io.memorymachine.pmem.image.MemberImages;
import io.memorymachine.pmem.participant.NodeMembers;
import io.memorymachine.pmem.participant.OperationIds;
import io.memorymachine.pmem.participant.guard.QuiesceGuards;
import io.memorymachine.pmem.runtime.VerifiedCriu;
import io.memorymachine.pmem.volume.PmemVolume;
import io.memorymachine.pmem.volume.Reservations;
import io.memorymachine.pmem.volume.VolumeMeter;

/** Makes images durable and computes their checksums, while the members work; ends the reservation. */
@ApplicationScoped
public class SealImagesHandler extends BlockingCommandHandler<SealImages> {
    private final PmemVolume volume;
    private final Reservations reservations;
    private final VolumeMeter meter;
    private final MemberImages images;
    private final VerifiedCriu criu;
    private final QuiesceGuards guards;
    private final ImageKeys keys;
    private final WorkProgress progress;
    private final Clock clock;

    @Inject
    SealImagesHandler(
            PmemVolume volume,
            Reservations reservations,
            VolumeMeter meter,
            MemberImages images,
            VerifiedCriu criu,
            QuiesceGuards guards,
            ImageKeys keys,
            WorkProgress progress,
            Clock clock) {
        this.volume = volume;
        this.reservations = reservations;
        this.meter = meter;
        this.images = images;
        this.criu = criu;
        this.guards = guards;
        this.keys = keys;
        this.progress = progress;
        this.clock = clock;
    }

    @Override
    public Class<SealImages> commandType() {
        return SealImages.class;
    }

    @Override
    protected Outcome handleBlocking(SealImages command, CommandContext context) {
        String snapshot = OperationIds.require(command.snapshotId());
        // The application is in its state again: this comes after the resume.
        guards.disarm(snapshot);
        String criuVersion = criu.require();
        Optional<ImageCipher> cipher = command.encrypted() ? Optional.of(keys.require()) : Optional.empty();
        List<SealedImage> sealed;
        try (WorkMeter meter = progress.begin(context, command.node())) {
            command.members().forEach(member -> meter.expect(bytes(snapshot, member, command.encrypted())));
            MemberImages counted = images.counting(meter);
            sealed = NodeMembers.forAll(
                    command.members(), member -> seal(counted, command.node(), snapshot, member, criuVersion, cipher));
        }
        try {
            reservations.release(snapshot);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Outcome.reply(new ImagesSealed(command.node(), snapshot, sealed, clock.instant()));
    }

    private long bytes(String snapshot, MemberPlacement member, boolean encrypted) {
        try {
            return MemberImages.bytesToSeal(volume.layout().image(snapshot, member.member()), encrypted);
        } catch (IOException e) {
            throw new UncheckedIOException("the image of " + member.member() + " cannot be looked at", e);
        }
    }

    private SealedImage seal(
            MemberImages counted,
            String node,
            String snapshot,
            MemberPlacement member,
            String criuVersion,
            Optional<ImageCipher> cipher) {
        Path folder = volume.layout().image(snapshot, member.member());
        try {
            MemberImages.Sealed sealed =
                    counted.seal(folder, member.member().pod(), member.imageDigest(), criuVersion, cipher);
            MemberImage image = sealed.image();
            return new SealedImage(
                    member.member(),
                    node,
                    image.imageDigest(),
                    sealed.sha256(),
                    image.capture().heapBytes(),
                    image.totalBytes(),
                    meter.allocation(folder).unique(),
                    image.criuBytes(),
                    image.files().size(),
                    image.capture().mode());
        } catch (IOException e) {
            throw new UncheckedIOException("the image of " + member.member() + " cannot be sealed", e);
        }
    }
}
