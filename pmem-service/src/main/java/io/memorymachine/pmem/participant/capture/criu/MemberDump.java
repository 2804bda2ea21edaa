package io.memorymachine.pmem.participant.capture.criu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.pmem.image.CaptureRecord;
import io.memorymachine.pmem.image.MemberImages;
import io.memorymachine.pmem.image.UpperDraft;
import io.memorymachine.pmem.image.UpperLayer;
import io.memorymachine.pmem.member.MemberProcess;
import io.memorymachine.pmem.member.ProcFs;
import io.memorymachine.pmem.participant.capture.CaptureOutcome;
import io.memorymachine.pmem.participant.capture.CaptureTarget;
import io.memorymachine.pmem.participant.criu.CriuLog;
import io.memorymachine.pmem.participant.criu.DumpStats;
import io.memorymachine.pmem.runtime.PrivateFiles;
import io.memorymachine.pmem.runtime.Toolbox;
import io.memorymachine.pmem.runtime.Trees;

/**
 * One CRIU that dumps one member, led through its phases by the lines of the dump hook. Whatever goes wrong ends in CRIU
 * giving up and the member running on: before {@code go} it was not touched, and until {@code thaw} the hook's failure
 * makes CRIU roll back.
 */
final class MemberDump implements AutoCloseable {
    /** CRIU rolls back within this time once its hook has failed. */
    private static final Duration ROLL_BACK = Duration.ofSeconds(10);

    /** CRIU copies no file without a name that is larger: its limit is a number of 32 bits. */
    static final long MOST_COPIED_BYTES = (1L << 32) - 1;

    private static final int MOST_REFRESHES = 6;

    /**
     * What became dirty in such a time costs little in the freeze; nothing is written where the cluster is quiesced, and its
     * clients wait. A round that finds nothing takes 20 to 90 ms where three members share two processors.
     */
    private static final Duration SHORT_REFRESH = Duration.ofMillis(150);

    /** Each line of the log is a write(2) while the member stands still: 5,800 at the level for debugging. */
    private static final String WARNINGS = "-v2";

    private static final String IMAGES_IN_CONTAINER = Toolbox.PMEM_IN_CONTAINER + "/dump";

    private final CaptureTarget target;
    private final CaptureMode mode;
    private final ProcFs proc;
    private final HookConversation hook;
    private final Process criu;
    private final Path output;

    private volatile boolean captured;
    private UpperDraft files;
    private long readyingMicros;
    private long wentMicros;
    private long dumpedMicros;
    private long heapBytes;
    private long cloneMicros;

    private MemberDump(
            CaptureTarget target, CaptureMode mode, ProcFs proc, HookConversation hook, Process criu, Path output) {
        this.target = target;
        this.mode = mode;
        this.proc = proc;
        this.hook = hook;
        this.criu = criu;
        this.output = output;
    }

    /** Starts CRIU, which comes to its first hook before it touches the member and waits there: {@link #awaitReady}. */
    static MemberDump start(CaptureTarget target, CaptureMode mode, Toolbox toolbox, ProcFs proc) throws IOException {
        target.live().removeDump();
        Path images = Trees.create(target.live().dump());
        Trees.create(images.resolve("heap"));
        HookConversation hook = HookConversation.listen(target.live().hookSocket());
        try {
            Path output = PrivateFiles.createEmpty(images.resolve("criu.out"));
            ProcessBuilder builder = new ProcessBuilder(commandLine(target, toolbox))
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put(Toolbox.NOTES, IMAGES_IN_CONTAINER + "/smaps");
            Process criu = builder.start();
            // A CRIU that ends before it comes to a hook must not be waited for.
            criu.onExit().thenRun(() -> closeQuietly(hook));
            return new MemberDump(target, mode, proc, hook, criu, output);
        } catch (IOException e) {
            hook.close();
            throw e;
        }
    }

    private static List<String> commandLine(CaptureTarget target, Toolbox toolbox) {
        List<String> line = new ArrayList<>(List.of(
                toolbox.enter(), "--target", Long.toString(target.process().initPid()), "--urgent", "--"));
        line.addAll(toolbox.dumpingCriuInContainer());
        line.addAll(List.of(
                "dump",
                "--tree",
                Long.toString(target.process().namespacePid()),
                "--images-dir",
                IMAGES_IN_CONTAINER,
                "--leave-running",
                "--tcp-close",
                "--network-lock",
                "skip",
                "--link-remap",
                "--manage-cgroups=ignore",
                "--file-validation",
                "filesize",
                "--ghost-limit",
                Long.toString(MOST_COPIED_BYTES),
                "--action-script",
                Toolbox.HOOK,
                "--log-file",
                "dump.log",
                WARNINGS));
        return line;
    }

    CaptureTarget target() {
        return target;
    }

    /** Whether the member was frozen and its image is whole; it may run on by now. */
    boolean isCaptured() {
        return captured;
    }

    /** Whether CRIU is there. */
    boolean runs() {
        return criu.isAlive();
    }

    /**
     * Waits until CRIU is in its first hook, and has cloned the heap if that is to be done now. A heap that is cloned early
     * costs the member nothing but moments in which single ranges cannot be written, and leaves little to be cloned while it
     * is frozen; it takes as long as a whole clone takes.
     *
     * @param floor the free bytes of the volume below which there is no early clone, and one that waits is dropped; empty
     *     where none is wanted
     */
    void awaitReady(boolean ahead, OptionalLong floor) throws IOException {
        hook.awaitConnection();
        hook.expect("started");
        hook.say(floor.isPresent() && mode == CaptureMode.CLONE ? "early " + floor.getAsLong() : "late");
        hook.expect("ready");
        if (ahead && target.process().upper().isPresent()) {
            files = UpperDraft.make(target.process(), proc, upperArchive());
        }
    }

    private Path upperArchive() {
        return target.live().dump().resolve(UpperLayer.FILE);
    }

    /** Leads the dump to its end; the members run on afterwards, and the images lie where the hook put them. */
    void run(DumpBarrier barrier, FreezeCheck allFrozen, long deadlineNanos)
            throws IOException, InterruptedException, TimeoutException, DumpBarrier.DumpAbortedException {
        long commanded = System.nanoTime();
        if (mode == CaptureMode.CLONE) {
            refresh();
        }
        // Last, since CRIU has to read the kernel's smaps where a mapping has changed since.
        hook.say("note " + target.process().namespacePid());
        hook.expect("ready");
        barrier.awaitAllReady(deadlineNanos - System.nanoTime());
        readyingMicros = (System.nanoTime() - commanded) / 1000;
        hook.say("go");
        wentMicros = Long.parseLong(hook.next()[1]);

        hook.awaitConnection();
        dumpedMicros = Long.parseLong(hook.next()[1]);
        // The container's files have to be of the same moment, so they are taken while nobody can change them.
        if (files != null) {
            files.finish();
        } else if (target.process().upper().isPresent()) {
            UpperLayer.save(target.process(), upperArchive());
        }
        for (String[] line = hook.next(); !line[0].equals("captured"); line = hook.next()) {
            heapBytes += Long.parseLong(line[2]);
            cloneMicros += Long.parseLong(line[3]);
        }
        if (mode == CaptureMode.CLONE && heapBytes == 0) {
            throw new IOException("CRIU did not name the heap file");
        }
        captured = true;
        allFrozen.await(deadlineNanos);
        if (barrier.failed()) {
            throw new DumpBarrier.DumpAbortedException();
        }
        hook.say("thaw");
        if (!criu.waitFor(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException();
        }
        if (criu.exitValue() != 0) {
            throw new IOException("CRIU ended with " + criu.exitValue());
        }
    }

    /**
     * What became dirty since the preparation would have to be written, and cloned, with the member frozen. It writes on
     * while that is done, so it is done again for as long as that leaves less.
     */
    private void refresh() throws IOException {
        long before = Long.MAX_VALUE;
        for (int round = 0; round < MOST_REFRESHES; round++) {
            long from = System.nanoTime();
            target.live().flushHeap();
            hook.say("refresh");
            hook.expect("ready");
            long took = System.nanoTime() - from;
            if (took < SHORT_REFRESH.toNanos() || took > before * 3 / 4) {
                return;
            }
            before = took;
        }
    }

    /** Moves the images to their place, and says what it came to. */
    CaptureOutcome finish(MemberImages memberImages) throws IOException {
        Path images = target.live().dump();
        DumpStats stats = DumpStats.read(images.resolve("stats-dump"));
        // CRIU writes its statistics as soon as the member runs again.
        Instant thawed = Files.getLastModifiedTime(images.resolve("stats-dump")).toInstant();
        long frozen = stats.freezing() + stats.frozen();

        Trees.create(target.image());
        Files.move(images.resolve("heap"), target.image().resolve("heap"));
        if (Files.exists(images.resolve(UpperLayer.FILE))) {
            Files.move(images.resolve(UpperLayer.FILE), target.image().resolve(UpperLayer.FILE));
        }
        Files.move(images, target.image().resolve("criu"));
        target.live().removeDump();
        Instant frozenAt = thawed.minusNanos(frozen * 1000);
        MemberProcess process = target.process();
        memberImages.record(
                target.image(),
                new CaptureRecord(
                        mode, process.namespacePid(), process.stdout(), process.stderr(), frozenAt, frozen, heapBytes));
        return new CaptureOutcome(
                target.name(),
                readyingMicros,
                frozenAt,
                frozen,
                stats.freezing(),
                dumpedMicros - wentMicros - stats.freezing(),
                cloneMicros,
                Trees.size(target.image().resolve("criu")),
                heapBytes);
    }

    /** Ends the dump from any thread: CRIU's hook fails, and CRIU with it. Does not wait. */
    void abort() {
        closeQuietly(hook);
    }

    /**
     * After a failure: waits until CRIU has let the member go, keeps the log, and removes the rest.
     *
     * @return CRIU's last errors
     */
    String rollBack(Path log) throws IOException {
        abort();
        boolean interrupted = Thread.interrupted();
        try {
            if (!criu.waitFor(ROLL_BACK.toMillis(), TimeUnit.MILLISECONDS)) {
                // CRIU itself hangs. The member stands still anyway, so nothing is worse afterwards.
                criu.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        Path written = target.live().dump().resolve("dump.log");
        String errors = CriuLog.lastErrors(written);
        Optional<String> said = Files.exists(output)
                ? Optional.of(Files.readString(output).strip()).filter(text -> !text.isEmpty())
                : Optional.empty();
        if (Files.exists(written)) {
            Trees.create(log.getParent());
            Files.copy(written, log, StandardCopyOption.REPLACE_EXISTING);
        }
        target.live().removeDump();
        Trees.remove(target.image());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return said.map(text -> errors + "; " + text).orElse(errors);
    }

    @Override
    public void close() {
        closeQuietly(hook);
    }

    private static void closeQuietly(HookConversation hook) {
        try {
            hook.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Holds a dump until every member of the capture is frozen. */
    interface FreezeCheck {
        void await(long deadlineNanos) throws IOException, InterruptedException, TimeoutException;
    }
}
