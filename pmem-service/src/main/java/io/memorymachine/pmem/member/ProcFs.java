package io.memorymachine.pmem.member;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.runtime.Toolbox;

/** Finds members' processes in the node's {@code /proc}. */
public final class ProcFs {

    private static final int STAT_STATE = 0;
    private static final int STAT_PARENT = 1;
    private static final int STAT_SESSION = 3;
    private static final int STAT_START_TIME = 19;

    private final Path root;

    /** The node's own. */
    public ProcFs() {
        this(Path.of("/proc"));
    }

    /** A proc file system that is mounted elsewhere. */
    public ProcFs(Path root) {
        this.root = root;
    }

    /**
     * The application that runs under a container's init.
     *
     * @param initPid the host's PID of the init
     * @throws OperationFailedException MEMBER_DOWN where there is none
     */
    public MemberProcess application(long initPid) {
        try {
            long pid = applicationPid(initPid)
                    .orElseThrow(() -> down("no application runs under the init process " + initPid, null));
            return new MemberProcess(
                    initPid,
                    pid,
                    namespacePid(pid),
                    Long.parseLong(stat(pid)[STAT_START_TIME]),
                    HeapMapping.find(lines(of(pid).resolve("maps"))),
                    mounts(pid).upper().map(upper -> asTheRuntimeSeesIt(initPid, upper)),
                    link(pid, 1),
                    link(pid, 2));
        } catch (IOException e) {
            throw down("the process under init " + initPid + " ended: " + e.getMessage(), e);
        }
    }

    /**
     * A path of whoever made the container: the parent of its init, which is where that is looked up if it has other mounts
     * than we have, as it has where we run in a container ourselves.
     */
    private Path asTheRuntimeSeesIt(long initPid, Path path) {
        Optional<String[]> init = statIfThere(initPid);
        if (init.isEmpty()) {
            return path;
        }
        Path runtime = root.resolve(init.get()[STAT_PARENT]);
        Optional<Path> theirs = mountNamespace(runtime);
        boolean elsewhere = theirs.isPresent() && !theirs.equals(mountNamespace(root.resolve("self")));
        return elsewhere ? runtime.resolve("root").resolve(Path.of("/").relativize(path)) : path;
    }

    /** Empty where it may not be known, as of the host's first process. */
    private static Optional<Path> mountNamespace(Path process) {
        try {
            return Optional.of(Files.readSymbolicLink(process.resolve("ns").resolve("mnt")));
        } catch (IOException hidden) {
            return Optional.empty();
        }
    }

    /**
     * The host's PID of the application under a container's init: the oldest child that leads a session. Others are
     * orphans that the init took over.
     */
    public OptionalLong applicationPid(long initPid) throws IOException {
        String children = Files.readString(
                of(initPid).resolve("task").resolve(Long.toString(initPid)).resolve("children"));
        long oldest = -1;
        long oldestStart = Long.MAX_VALUE;
        for (String child : children.strip().split(" ")) {
            if (child.isEmpty()) {
                continue;
            }
            long pid = Long.parseLong(child);
            Optional<String[]> stat = statIfThere(pid);
            if (stat.isEmpty() || stat.get()[STAT_STATE].equals("Z")) {
                continue;
            }
            long start = Long.parseLong(stat.get()[STAT_START_TIME]);
            if (Long.parseLong(stat.get()[STAT_SESSION]) == pid && start < oldestStart) {
                oldest = pid;
                oldestStart = start;
            }
        }
        return oldest < 0 ? OptionalLong.empty() : OptionalLong.of(oldest);
    }

    /** Whether this very process, not a later one with its PID, still lives. */
    public boolean lives(MemberProcess process) {
        Optional<String[]> stat = statIfThere(process.pid());
        return stat.isPresent()
                && !stat.get()[STAT_STATE].equals("Z")
                && Long.parseLong(stat.get()[STAT_START_TIME]) == process.startTicks();
    }

    /** The size of the file that holds the process's heap. */
    public long heapBytes(MemberProcess process) throws IOException {
        return Files.size(mapFile(
                process,
                process.heap()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "process " + process.pid() + " has no heap on the volume"))));
    }

    /** Memory of the process that no file holds: what CRIU will copy at least. */
    public long anonymousBytes(MemberProcess process) throws IOException {
        for (String line : lines(of(process.pid()).resolve("status"))) {
            if (line.startsWith("RssAnon:")) {
                return Long.parseLong(line.strip().split("\\s+")[1]) * 1024;
            }
        }
        throw new IllegalStateException("no RssAnon in the status of process " + process.pid());
    }

    /** Whether every thread of the process is held by a tracer, as it is while CRIU dumps it. */
    public boolean isSeized(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(of(pid).resolve("task"))) {
            for (Path thread : (Iterable<Path>) threads::iterator) {
                if (lines(thread.resolve("status")).contains("TracerPid:\t0")) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * How much of the heap is not written back, in bytes.
     *
     * @throws OperationFailedException HEAP_NOT_ON_VOLUME where the process has no such mapping
     */
    public long dirtyBytes(MemberProcess process, HeapMapping heap) throws IOException {
        String range = heap.range();
        try (BufferedReader smaps =
                Files.newBufferedReader(of(process.pid()).resolve("smaps"), StandardCharsets.ISO_8859_1)) {
            boolean inHeap = false;
            long dirty = 0;
            for (String line = smaps.readLine(); line != null; line = smaps.readLine()) {
                if (Character.isLowerCase(line.charAt(0)) || Character.isDigit(line.charAt(0))) {
                    if (inHeap) {
                        return dirty;
                    }
                    inHeap = HeapMapping.find(List.of(line))
                            .filter(mapping -> mapping.range().equals(range))
                            .isPresent();
                } else if (inHeap && (line.startsWith("Shared_Dirty:") || line.startsWith("Private_Dirty:"))) {
                    dirty += Long.parseLong(line.strip().split("\\s+")[1]) * 1024;
                }
            }
            if (inHeap) {
                return dirty;
            }
        }
        throw new OperationFailedException(
                FailureReason.HEAP_NOT_ON_VOLUME, "process " + process.pid() + " has no heap at " + range);
    }

    /** Whether the process has mapped files of its container, shared and for writing, that lie outside of its pmem folder. */
    public boolean mapsFilesForWriting(MemberProcess process) throws IOException {
        return lines(of(process.pid()).resolve("maps")).stream()
                .map(line -> line.split("\\s+", 6))
                .filter(fields -> fields.length == 6 && fields[1].charAt(1) == 'w' && fields[1].charAt(3) == 's')
                .map(fields -> fields[5])
                .anyMatch(path -> path.startsWith("/")
                        && !path.startsWith(Toolbox.PMEM_IN_CONTAINER + "/")
                        && !path.startsWith("/dev/")
                        && !path.startsWith("/memfd:"));
    }

    /** Whether the process is stopped by a signal, as a restored one is before its release. */
    public boolean isStopped(long pid) {
        return stateOf(of(pid).resolve("stat")).equals("T");
    }

    /** The mounts that a process sees. */
    public MountInfo mounts(long pid) throws IOException {
        return MountInfo.parse(lines(of(pid).resolve("mountinfo")));
    }

    /** The link that stands for a mapping of the process; opening it opens the mapped file. */
    public Path mapFile(MemberProcess process, HeapMapping mapping) {
        return of(process.pid()).resolve("map_files").resolve(mapping.range());
    }

    private long namespacePid(long pid) throws IOException {
        for (String line : lines(of(pid).resolve("status"))) {
            if (line.startsWith("NSpid:")) {
                String[] pids = line.strip().split("\\s+");
                return Long.parseLong(pids[pids.length - 1]);
            }
        }
        throw new IllegalStateException("no NSpid in the status of process " + pid);
    }

    private String link(long pid, int descriptor) throws IOException {
        return Files.readSymbolicLink(of(pid).resolve("fd").resolve(Integer.toString(descriptor)))
                .toString();
    }

    private static String stateOf(Path stat) {
        try {
            return fields(stat)[STAT_STATE];
        } catch (IOException ended) {
            return "X";
        }
    }

    private Optional<String[]> statIfThere(long pid) {
        try {
            return Optional.of(stat(pid));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    private String[] stat(long pid) throws IOException {
        return fields(of(pid).resolve("stat"));
    }

    /** The fields after the command's name, which may hold blanks and parentheses itself. */
    private static String[] fields(Path stat) throws IOException {
        String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
        return line.substring(line.lastIndexOf(')') + 2).split(" ");
    }

    /** Latin-1, because names of files need not be UTF-8. */
    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    }

    private Path of(long pid) {
        return root.resolve(Long.toString(pid));
    }

    private static OperationFailedException down(String message, IOException cause) {
        return new OperationFailedException(FailureReason.MEMBER_DOWN, message, cause);
    }
}
