package io.memorymachine.pmem.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.jboss.logging.Logger;

import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.member.MemberProcess;
import io.memorymachine.pmem.member.ProcFs;

/**
 * An archive of a container's files that is made while the container runs, so that in the freeze it only has to be seen
 * that nothing has changed since.
 *
 * <p>Every change of a file's content, attributes or name changes its ctime, or that of its folder (stat(2)), with two
 * exceptions, in which the draft is not used: changes within the clock's tick in which it was made, and pages of a mapped
 * file, which are noticed only when they are written back.
 */
public final class UpperDraft {
    private static final Logger LOG = Logger.getLogger(UpperDraft.class);
    private static final String SEEN = "unix:ino,mode,uid,gid,rdev,size,lastModifiedTime,ctime";

    /** Longer than a tick of the clock that stamps files. */
    private static final Duration TICK = Duration.ofMillis(20);

    private final MemberProcess process;
    private final ProcFs proc;
    private final Path archive;
    private final Map<Path, Map<String, Object>> seen;

    private UpperDraft(MemberProcess process, ProcFs proc, Path archive, Map<Path, Map<String, Object>> seen) {
        this.process = process;
        this.proc = proc;
        this.archive = archive;
        this.seen = seen;
    }

    /**
     * Makes the archive; where that fails, because files change meanwhile, it is left to {@link #finish}.
     *
     * @param process of a container whose root is an overlay
     */
    public static UpperDraft make(MemberProcess process, ProcFs proc, Path archive) throws IOException {
        Map<Path, Map<String, Object>> before = look(process.upper().orElseThrow());
        Instant limit = Instant.now().minus(TICK);
        boolean settled = before.values().stream()
                .noneMatch(file -> ((FileTime) file.get("ctime")).toInstant().isAfter(limit));
        if (settled) {
            try {
                UpperLayer.save(process, archive);
                return new UpperDraft(process, proc, archive, before);
            } catch (OperationFailedException changing) {
                LOG.debugf("no draft of the files of process %d: %s", process.pid(), changing.getMessage());
            }
        }
        Files.deleteIfExists(archive);
        return new UpperDraft(process, proc, archive, Map.of());
    }

    /** With the container frozen: keeps the archive where nothing has changed, else makes it anew. */
    public void finish() throws IOException {
        if (!seen.equals(look(process.upper().orElseThrow())) || proc.mapsFilesForWriting(process)) {
            Files.deleteIfExists(archive);
            UpperLayer.save(process, archive);
        }
    }

    private static Map<Path, Map<String, Object>> look(Path upper) throws IOException {
        Map<Path, Map<String, Object>> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(upper)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                files.put(path, Files.readAttributes(path, SEEN, LinkOption.NOFOLLOW_LINKS));
            }
        } catch (NoSuchFileException | UncheckedIOException gone) {
            // It changes under this look: what was seen equals nothing.
            return Map.of();
        }
        return files;
    }
}
