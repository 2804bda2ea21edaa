package io.memorymachine.pmem.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Assumptions;

import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.pmem.volume.xfs.EmulatedVolume;

/** A real volume of a test class. Where none can be made its tests are aborted, and fail in CI. */
public final class TestVolume implements AutoCloseable {
    private final Path image;
    private final EmulatedVolume volume;

    private TestVolume(Path folder, long bytes) {
        this.image = folder.resolve("volume.img");
        this.volume = new EmulatedVolume(image, folder.resolve("pmem"), bytes);
    }

    /** One of a name below {@code target}. */
    public static TestVolume open(String name, long bytes) throws IOException {
        Path folder = Trees.create(Path.of("target").toAbsolutePath().resolve(name));
        TestVolume opened = new TestVolume(folder, bytes);
        try {
            opened.volume.open();
        } catch (OperationFailedException cannotRun) {
            if (System.getenv("CI") != null) {
                throw cannotRun;
            }
            Assumptions.abort(cannotRun.getMessage());
        }
        return opened;
    }

    public EmulatedVolume volume() {
        return volume;
    }

    @Override
    public void close() throws IOException {
        volume.close();
        Files.deleteIfExists(image);
    }
}
