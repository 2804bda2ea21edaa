package io.memorymachine.pmem.participant.materialize.criu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.NoSpace;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.image.CaptureRecord;
import io.memorymachine.pmem.image.MemberImages;
import io.memorymachine.pmem.image.UpperLayer;
import io.memorymachine.pmem.member.LiveFolder;
import io.memorymachine.pmem.member.ProcFs;
import io.memorymachine.pmem.participant.criu.CriuLog;
import io.memorymachine.pmem.participant.materialize.MaterializeOutcome;
import io.memorymachine.pmem.participant.materialize.MaterializeTarget;
import io.memorymachine.pmem.participant.materialize.Materializer;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.Toolbox;
import io.memorymachine.pmem.runtime.Trees;

/**
 * Restores with CRIU inside the placeholder's namespaces and cgroups. The images are cloned into the live folder first:
 * a container must not be able to write to a sealed image, and CRIU uses up the heap's name.
 */
public final class CriuMaterializer implements Materializer {
    private static final int SIGKILL = 9;
    private static final int SIGUSR1 = 10;
    private static final int SIGCONT = 18;

    private static final Pattern THREAD_IMAGE = Pattern.compile("core-(\\d+)\\.img");
    private static final String IMAGES_IN_CONTAINER = Toolbox.PMEM_IN_CONTAINER + "/dump";

    /** Above every PID of the image; CRIU's own processes and whatever else starts meanwhile come after it. */
    private static final long PID_GAP = 1000;

    private static final int FIRST_INHERITED = 31;

    private final Toolbox toolbox;
    private final ProcFs proc;
    private final MemberImages images;
    private final Path logs;

    /**
     * Makes one that needs nothing to be closed.
     *
     * @param logs where CRIU's log is kept, as {@code NAME-restore.log}; made when needed
     */
    public CriuMaterializer(Toolbox toolbox, ProcFs proc, MemberImages images, Path logs) {
        this.toolbox = toolbox;
        this.proc = proc;
        this.images = images;
        this.logs = logs;
    }

    @Override
    public List<MaterializeOutcome> materialize(List<MaterializeTarget> targets, Duration timeout) {
        if (targets.isEmpty()) {
            return List.of();
        }
        ExecutorService threads = Executors.newFixedThreadPool(targets.size());
        try {
            List<Future<MaterializeOutcome>> running = targets.stream()
                    .map(target -> threads.submit(() -> materialize(target, timeout)))
                    .toList();
            List<MaterializeOutcome> outcomes = new ArrayList<>();
            for (Future<MaterializeOutcome> one : running) {
                outcomes.add(one.get());
            }
            return outcomes;
        } catch (ExecutionException e) {
            if (NoSpace.translated(e.getCause()) instanceof OperationFailedException foreseen) {
                throw foreseen;
            }
            throw new OperationFailedException(
                    FailureReason.MATERIALIZE_FAILED,
                    String.valueOf(e.getCause().getMessage()),
                    e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationFailedException(FailureReason.CANCELLED, "the materialization was interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private MaterializeOutcome materialize(MaterializeTarget target, Duration timeout) throws IOException {
        long begin = System.nanoTime();
        OptionalLong present = application(target.initPid());
        if (present.isPresent() && Adoption.isDone(target.live())) {
            return new MaterializeOutcome(target.name(), present.getAsLong(), 0);
        }
        if (present.isPresent()) {
            throw new OperationFailedException(
                    FailureReason.MATERIALIZE_FAILED, target.name() + " is no placeholder: an application runs in it");
        }
        CaptureRecord record = images.read(target.image()).image().capture();
        try {
            unpackIntoLive(target);
            restore(target, record, timeout);
        } catch (IOException | RuntimeException failed) {
            // What an encrypted image holds must not lie open where nobody needs it.
            removeUnpacked(target.live(), failed);
            throw failed;
        }
        long pid = application(target.initPid())
                .orElseThrow(() -> new OperationFailedException(
                        FailureReason.MATERIALIZE_FAILED, target.name() + " ended right after it was restored"));
        Adoption.request(
                target.live(), target.initPid(), record.namespacePid(), toolbox.signal(target.initPid(), SIGUSR1));
        Trees.remove(target.live().dump());
        return new MaterializeOutcome(target.name(), pid, (System.nanoTime() - begin) / 1000);
    }

    private static void removeUnpacked(LiveFolder live, Exception because) {
        try {
            live.removeUnpacked();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    private void unpackIntoLive(MaterializeTarget target) throws IOException {
        LiveFolder live = target.live();
        live.reset();
        Trees.remove(live.heaps());
        images.unpack(target.image(), "heap", live.heaps());
        try (Stream<Path> files = Files.list(live.heaps())) {
            for (Path heap : (Iterable<Path>) files::iterator) {
                // CRIU removes the name that it looks for; without another one the heap could never be named again.
                Files.createLink(live.heap(), heap);
            }
        }
        images.unpack(target.image(), "criu", live.dump());
        Path upper = live.upperLayer();
        if (images.unpack(target.image(), UpperLayer.FILE, upper)) {
            UpperLayer.restore(
                    upper,
                    Path.of("/proc", Long.toString(target.initPid()), "root"),
                    proc.mounts(target.initPid()).points());
            Files.delete(upper);
        }
    }

    private void restore(MaterializeTarget target, CaptureRecord record, Duration timeout) throws IOException {
        Command.Result result =
                Command.of(commandLine(target, record)).within(timeout).run();
        Path log = target.live().dump().resolve("restore.log");
        if (Files.exists(log)) {
            Trees.create(logs);
            Files.copy(log, logs.resolve(target.name() + "-restore.log"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!result.succeeded()) {
            String errors = CriuLog.lastErrors(log);
            String told = errors + (result.output().isEmpty() ? "" : "; " + result.output());
            throw new OperationFailedException(
                    NoSpace.or(FailureReason.MATERIALIZE_FAILED, told),
                    "CRIU could not restore " + target.name() + " (status " + result.status() + "): " + told);
        }
    }

    private List<String> commandLine(MaterializeTarget target, CaptureRecord record) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                toolbox.enter(),
                "--target",
                Long.toString(target.initPid()),
                "--cgroups",
                "--last-pid",
                Long.toString(highestPid(target.live().dump()) + PID_GAP)));
        // The pipes of the old container are gone; the placeholder's take their place. Where both outputs were one
        // pipe, one is given.
        Map<String, Integer> pipes = new LinkedHashMap<>();
        Stream.of(record.stdout(), record.stderr())
                .filter(stream -> stream.startsWith("pipe:["))
                .forEach(stream -> pipes.putIfAbsent(stream, stream.equals(record.stdout()) ? 1 : 2));
        pipes.forEach(
                (pipe, descriptor) -> line.addAll(List.of("--fd", (FIRST_INHERITED + descriptor) + "=" + descriptor)));
        line.add("--");
        line.addAll(toolbox.criuInContainer());
        line.addAll(List.of(
                "restore",
                "--images-dir",
                IMAGES_IN_CONTAINER,
                "--restore-detached",
                "--leave-stopped",
                "--tcp-close",
                "--link-remap",
                "--manage-cgroups=ignore",
                "--file-validation",
                "filesize",
                "--log-file",
                "restore.log",
                "-v4"));
        pipes.forEach((pipe, descriptor) ->
                line.addAll(List.of("--inherit-fd", "fd[" + (FIRST_INHERITED + descriptor) + "]:" + pipe)));
        return line;
    }

    private static long highestPid(Path criuImages) throws IOException {
        try (Stream<Path> files = Files.list(criuImages)) {
            return files.map(file -> THREAD_IMAGE.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(image -> Long.parseLong(image.group(1)))
                    .max()
                    .orElseThrow(() -> new OperationFailedException(
                            FailureReason.IMAGE_INCOMPLETE, criuImages + " holds no image of a process"));
        }
    }

    @Override
    public void release(List<Long> initPids) {
        // Found first and released then, so that they start as close together as can be.
        List<Long> applications = initPids.stream()
                .map(initPid -> application(initPid)
                        .orElseThrow(() -> new OperationFailedException(
                                FailureReason.MEMBER_DOWN, "no application is left under init " + initPid)))
                .toList();
        applications.forEach(pid -> toolbox.signal(pid, SIGCONT).orFail(FailureReason.MEMBER_DOWN));
    }

    @Override
    public void abandon(long initPid, LiveFolder live) {
        OptionalLong application = application(initPid);
        boolean runs = application.isPresent() && !proc.isStopped(application.getAsLong());
        if (application.isPresent() && !runs) {
            toolbox.signal(application.getAsLong(), SIGKILL).orFail(FailureReason.MEMBER_DOWN);
        }
        try {
            if (runs) {
                live.removeDump();
            } else {
                live.removeUnpacked();
            }
        } catch (IOException e) {
            throw new OperationFailedException(
                    FailureReason.VOLUME_NOT_READY, live.path() + " cannot be cleaned: " + e.getMessage(), e);
        }
    }

    private OptionalLong application(long initPid) {
        try {
            return proc.applicationPid(initPid);
        } catch (IOException e) {
            throw new OperationFailedException(
                    FailureReason.MEMBER_DOWN, "the container with init " + initPid + " does not run", e);
        }
    }
}
