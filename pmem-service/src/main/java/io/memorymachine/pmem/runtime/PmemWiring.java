package io.memorymachine.pmem.runtime;

import java.io.IOException;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.image.ImageKeys;
import io.memorymachine.pmem.image.MemberImages;
import io.memorymachine.pmem.member.ProcFs;
import io.memorymachine.pmem.participant.capture.Checkpointer;
import io.memorymachine.pmem.participant.capture.criu.CriuCheckpointer;
import io.memorymachine.pmem.participant.materialize.Materializer;
import io.memorymachine.pmem.participant.materialize.criu.CriuMaterializer;
import io.memorymachine.pmem.participant.prepare.HeapFlusher;
import io.memorymachine.pmem.volume.PmemVolume;
import io.memorymachine.pmem.volume.Reservations;
import io.memorymachine.pmem.volume.VolumeInventory;
import io.memorymachine.pmem.volume.VolumeMeter;
import io.memorymachine.pmem.volume.directory.DirectoryVolume;
import io.memorymachine.pmem.volume.fsdax.FsdaxVolume;
import io.memorymachine.pmem.volume.xfs.EmulatedVolume;

/** Chooses adapters by the configuration. */
final class PmemWiring {
    private PmemWiring() {}

    @Produces
    @Singleton
    static PmemVolume volume(
            PmemConfig config, @ConfigProperty(name = "mm.platform", defaultValue = "local") String platform) {
        PmemVolume volume = switch (config.kind()) {
            case DIRECTORY -> new DirectoryVolume(config.volume());
            case EMULATED ->
                new EmulatedVolume(
                        config.backing()
                                .orElseThrow(() -> new IllegalStateException(
                                        "mm.pmem.backing is not set: the file behind the emulated volume")),
                        config.volume(),
                        config.size());
            case FSDAX -> new FsdaxVolume(config.device(), config.volume());
        };
        volume.open();
        if (platform.equals("kubernetes")) {
            openLive(volume);
        }
        return volume;
    }

    private static void openLive(PmemVolume volume) {
        try {
            volume.layout().openLive();
        } catch (IOException e) {
            throw new OperationFailedException(
                    FailureReason.VOLUME_NOT_READY, volume.layout().live() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    @Produces
    @Singleton
    static Reservations reservations(PmemVolume volume) {
        return new Reservations(volume);
    }

    @Produces
    @Singleton
    static VolumeMeter meter(PmemVolume volume, Reservations reservations) {
        return new VolumeMeter(volume, reservations);
    }

    @Produces
    @Singleton
    static VolumeInventory inventory(PmemVolume volume) {
        return new VolumeInventory(volume);
    }

    @Produces
    @Singleton
    static Toolbox toolbox(PmemConfig config) {
        return new Toolbox(config.bin());
    }

    @Produces
    @Singleton
    static ProcFs proc() {
        return new ProcFs();
    }

    @Produces
    @Singleton
    static HeapFlusher flusher(ProcFs proc) {
        return new HeapFlusher(proc);
    }

    @Produces
    @Singleton
    static ImageKeys keys(PmemConfig config) {
        return new ImageKeys(config.encryptionKeyFile());
    }

    @Produces
    @Singleton
    static MemberImages images(ObjectMapper json, Toolbox toolbox, ImageKeys keys) {
        return new MemberImages(json, toolbox, keys);
    }

    @Produces
    @Singleton
    static Checkpointer checkpointer(Toolbox toolbox, ProcFs proc, MemberImages images, PmemConfig config) {
        return new CriuCheckpointer(toolbox, proc, images, config.logs(), config.earlyClone());
    }

    @Produces
    @Singleton
    static Materializer materializer(Toolbox toolbox, ProcFs proc, MemberImages images, PmemConfig config) {
        return new CriuMaterializer(toolbox, proc, images, config.logs());
    }
}
