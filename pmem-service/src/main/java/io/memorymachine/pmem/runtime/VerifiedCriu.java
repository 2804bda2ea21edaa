package io.memorymachine.pmem.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.failure.OperationFailedException;

/**
 * Whether CRIU is there and can work on this kernel. To find out takes longer than many a step of a saga, and the kernel does
 * not change: it is asked again only when the toolbox has changed. Blocks.
 */
@ApplicationScoped
public class VerifiedCriu {
    private final Toolbox toolbox;
    private List<FileTime> verified = List.of();
    private String version;

    @Inject
    VerifiedCriu(Toolbox toolbox) {
        this.toolbox = toolbox;
    }

    /**
     * CRIU's version.
     *
     * @throws OperationFailedException CRIU_MISSING with CRIU's own words; asked again the next time
     */
    public synchronized String require() {
        List<FileTime> now = changes();
        if (verified.isEmpty() || !verified.equals(now)) {
            verified = List.of();
            version = toolbox.requireCriu();
            verified = now;
        }
        return version;
    }

    /** When each file of the toolbox was changed last; empty where it cannot be looked at. */
    private List<FileTime> changes() {
        List<FileTime> changes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(toolbox.folder())) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                changes.add((FileTime) Files.getAttribute(file, "unix:ctime"));
            }
        } catch (IOException unreadable) {
            return List.of();
        }
        return changes;
    }
}
