package io.memorymachine.pmem.member;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.Toolbox;
import io.memorymachine.pmem.runtime.Trees;

/**
 * One member's folder on the pmem volume; its container sees it as {@value Toolbox#PMEM_IN_CONTAINER}.
 *
 * @param path where it lies on the node
 */
public record LiveFolder(Path path) {
    /** The name that a live heap is given, so that CRIU can record it as a file instead of copying it. */
    private static final String HEAP_NAME = "heap";

    /** The start of the names under which CRIU expects heap files while it dumps and restores. */
    public static final String LINK_REMAP = "link_remap.";

    /** Where the JVM puts its heap file: the value of {@code -XX:AllocateHeapAt}, seen from the node. */
    public Path heaps() {
        return path.resolve("heap");
    }

    /** The heap file under its name; there once {@link #nameHeap} was called or the member was materialized. */
    public Path heap() {
        return heaps().resolve(HEAP_NAME);
    }

    /** CRIU's images while it dumps or restores. */
    public Path dump() {
        return path.resolve("dump");
    }

    /** The container's files while they are put back. */
    public Path upperLayer() {
        return path.resolve("upper.tar");
    }

    /** The socket on which the dump hook finds the pmem-service. */
    public Path hookSocket() {
        return path.resolve("hook.sock");
    }

    /**
     * Gives the heap file, which the JVM created without a name, the name {@link #heap()}. The name stays as long as
     * the member lives: once a file without a name was named and lost that name, the kernel never allows another.
     *
     * @throws OperationFailedException HEAP_NOT_ON_VOLUME, MEMBER_DOWN
     */
    public void nameHeap(MemberProcess process, ProcFs proc) {
        HeapMapping mapping = process.heap()
                .orElseThrow(() -> new OperationFailedException(
                        FailureReason.HEAP_NOT_ON_VOLUME,
                        "process " + process.pid() + " maps no heap in " + heaps()
                                + " (is it started with -XX:AllocateHeapAt=" + Toolbox.PMEM_IN_CONTAINER + "/heap?)"));
        try {
            Path inContainer = process.root().resolve(Path.of("/").relativize(Path.of(Toolbox.PMEM_IN_CONTAINER)));
            if (!Files.isSameFile(inContainer, path)) {
                throw new OperationFailedException(
                        FailureReason.HEAP_NOT_ON_VOLUME,
                        "the container of process " + process.pid() + " does not have " + path + " as "
                                + Toolbox.PMEM_IN_CONTAINER);
            }
            if (Files.exists(heap())) {
                if (inode(heap()) == mapping.inode()) {
                    return;
                }
                // Of an earlier incarnation.
                Files.delete(heap());
            }
            // Both ends have to be on one mount, and the mapped file is on the container's.
            Command.of(
                            "ln",
                            "--logical",
                            proc.mapFile(process, mapping).toString(),
                            inContainer.resolve("heap").resolve(HEAP_NAME).toString())
                    .orFail(FailureReason.HEAP_NOT_ON_VOLUME);
        } catch (IOException e) {
            throw new OperationFailedException(
                    FailureReason.MEMBER_DOWN, "the heap of process " + process.pid() + " cannot be reached: " + e, e);
        }
    }

    /** Writes the dirty pages of the named heap back, and waits for it. */
    public void flushHeap() throws IOException {
        try (FileChannel heap = FileChannel.open(heap(), StandardOpenOption.WRITE)) {
            heap.force(false);
        }
    }

    /** The names that CRIU gave heap files; there only while it dumps or restores. */
    public List<Path> linkRemaps() throws IOException {
        if (!Files.isDirectory(heaps())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(heaps())) {
            return files.filter(file -> file.getFileName().toString().startsWith(LINK_REMAP))
                    .toList();
        }
    }

    /** Removes what a dump leaves or left behind; the member and its heap's name stay. */
    public void removeDump() throws IOException {
        Trees.remove(dump());
        Files.deleteIfExists(hookSocket());
        for (Path name : linkRemaps()) {
            Files.delete(name);
        }
    }

    /** Removes what was unpacked here for a member that does not run: {@link #removeDump}, its heap and its files. */
    public void removeUnpacked() throws IOException {
        removeDump();
        Files.deleteIfExists(heap());
        Files.deleteIfExists(upperLayer());
    }

    /** Empties the folder before a new incarnation of the member uses it; heaps still mapped live on without a name. */
    public void reset() throws IOException {
        Trees.create(path);
        try (Stream<Path> old = Files.list(path)) {
            for (Path entry : (Iterable<Path>) old::iterator) {
                Trees.remove(entry);
            }
        }
        Trees.create(heaps());
    }

    private static long inode(Path file) throws IOException {
        return ((Number) Files.getAttribute(file, "unix:ino")).longValue();
    }
}
