package io.memorymachine.pmem.participant.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.memorymachine.contract.pmem.QuiesceGuard;
import io.memorymachine.pmem.participant.OperationIds;
import io.memorymachine.pmem.runtime.PrivateFiles;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.pmem.volume.PmemVolume;

/**
 * The applications that this node has to bring back from their rest, one file for each operation. They lie on the volume and
 * not in the database: they are needed when that is gone, too. A guard is durable when {@link #arm} returns; if the service
 * dies before, the operation has no answer and the application is not brought to rest.
 */
@ApplicationScoped
public class QuiesceGuards {
    private final PmemVolume volume;
    private final ObjectMapper json;
    private final Clock clock;

    @Inject
    QuiesceGuards(PmemVolume volume, ObjectMapper json, Clock clock) {
        this.volume = volume;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Guards an application from now on, for as long as its profile allows a pause. The guards of earlier operations on the
     * workload are forgotten: one operation at a time works on it.
     *
     * @param operation the snapshot or restore
     * @param onceWhole whether the application has to be whole before it is brought back
     * @return when it will be brought back
     */
    public synchronized Instant arm(String operation, QuiesceGuard guard, boolean onceWhole) throws IOException {
        Instant until = clock.instant().plus(guard.profile().maxPause());
        KeptGuard armed = new KeptGuard(OperationIds.require(operation), guard, onceWhole, until, false);
        write(armed);
        for (KeptGuard other : all()) {
            if (other.workload().equals(armed.workload()) && !other.operation().equals(operation)) {
                disarm(other.operation());
            }
        }
        return until;
    }

    /** Forgets the guard of an operation; does nothing where there is none. */
    public synchronized void disarm(String operation) {
        try {
            Files.deleteIfExists(file(operation));
        } catch (IOException e) {
            throw new UncheckedIOException("the guard of " + operation + " cannot be removed", e);
        }
    }

    /** Puts a guard in the place of the one that was read, unless that was forgotten meanwhile. */
    synchronized void replace(KeptGuard guard) throws IOException {
        if (Files.exists(file(guard.operation()))) {
            write(guard);
        }
    }

    /** All guards; one that is forgotten meanwhile may be among them. */
    synchronized List<KeptGuard> all() throws IOException {
        List<KeptGuard> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(volume.layout().guards())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (!file.toString().endsWith(PrivateFiles.UNFINISHED)) {
                    all.add(json.readValue(file.toFile(), KeptGuard.class));
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        }
        return all;
    }

    private void write(KeptGuard guard) throws IOException {
        Trees.create(volume.layout().guards());
        PrivateFiles.replace(file(guard.operation()), json.writeValueAsBytes(guard));
    }

    private Path file(String operation) {
        return volume.layout().guards().resolve(operation);
    }
}
