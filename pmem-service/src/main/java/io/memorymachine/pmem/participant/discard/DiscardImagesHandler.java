package io.memorymachine.pmem.participant.discard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemReply.ImagesDiscarded;
import io.memorymachine.participant.BlockingCommandHandler;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.Outcome;
import io.memorymachine.pmem.participant.OperationIds;
import io.memorymachine.pmem.participant.capture.ArmedCaptures;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.pmem.volume.PmemVolume;
import io.memorymachine.pmem.volume.Reservations;
import io.memorymachine.pmem.volume.VolumeMeter;

/** Removes what the node holds of a snapshot, a capture that waits among it. If it dies half-way, the command comes again. */
@ApplicationScoped
public class DiscardImagesHandler extends BlockingCommandHandler<DiscardImages> {
    private final PmemVolume volume;
    private final Reservations reservations;
    private final VolumeMeter meter;
    private final ArmedCaptures armed;

    @Inject
    DiscardImagesHandler(PmemVolume volume, Reservations reservations, VolumeMeter meter, ArmedCaptures armed) {
        this.volume = volume;
        this.reservations = reservations;
        this.meter = meter;
        this.armed = armed;
    }

    @Override
    public Class<DiscardImages> commandType() {
        return DiscardImages.class;
    }

    @Override
    protected Outcome handleBlocking(DiscardImages command, CommandContext context) {
        String snapshot = OperationIds.require(command.snapshotId());
        armed.disarm(snapshot);
        Path folder = volume.layout().snapshot(snapshot);
        try {
            long freed = meter.allocation(folder).unique();
            Trees.remove(folder);
            reservations.release(snapshot);
            return Outcome.reply(new ImagesDiscarded(command.node(), snapshot, freed));
        } catch (IOException e) {
            throw new UncheckedIOException("snapshot " + snapshot + " cannot be removed", e);
        }
    }
}
