package io.memorymachine.pmem.participant.capture.criu;

import java.io.IOException;
import java.nio.file.Path;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.image.MemberImages;
import io.memorymachine.pmem.member.ProcFs;
import io.memorymachine.pmem.participant.capture.ArmedCapture;
import io.memorymachine.pmem.participant.capture.CaptureOutcome;
import io.memorymachine.pmem.participant.capture.CaptureTarget;
import io.memorymachine.pmem.runtime.Toolbox;
import io.memorymachine.pmem.runtime.Trees;

/**
 * The dumps of one capture. Each CRIU was loaded, has started, and waits in its first hook, which it runs before it looks
 * at the member; the hook does not wait for ever.
 */
final class CriuCapture implements ArmedCapture {
    private static final long FREEZE_POLL_MICROS = 500;

    /** For CRIU's tables and for what one member writes to its heap while it waits. */
    private static final long MARGIN = 64L << 20;

    /** A CRIU comes to its first hook, and clones the heap there, within this time. */
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);

    private final List<CaptureTarget> targets;
    private final ProcFs proc;
    private final MemberImages images;
    private final Path logs;
    private final DumpBarrier barrier;
    private final List<MemberDump> dumps = new ArrayList<>();
    private boolean over;

    private CriuCapture(List<CaptureTarget> targets, ProcFs proc, MemberImages images, Path logs) {
        this.targets = List.copyOf(targets);
        this.proc = proc;
        this.images = images;
        this.logs = logs;
        this.barrier = new DumpBarrier(targets.size());
    }

    /**
     * Starts the CRIUs and waits until all are there; if one does not get there, none remains.
     *
     * @param ahead whether the container's files are archived now, which is looked over in the freeze
     * @param cloned whether heaps are cloned now, and brought up to date in the freeze. There is no such clone, or no more,
     *     while the volume has less room than what is not heap takes: an application that writes to a page that it shares
     *     with a clone is ended where it finds no block for it
     * @throws OperationFailedException CRIU_FAILED, CAPTURE_TIMEOUT, CANCELLED
     */
    static CriuCapture arm(
            List<CaptureTarget> targets,
            CaptureMode mode,
            boolean ahead,
            boolean cloned,
            Toolbox toolbox,
            ProcFs proc,
            MemberImages images,
            Path logs) {
        CriuCapture capture = new CriuCapture(targets, proc, images, logs);
        try {
            for (CaptureTarget target : targets) {
                MemberDump dump = MemberDump.start(target, mode, toolbox, proc);
                capture.dumps.add(dump);
                capture.barrier.onFailure(dump::abort);
            }
            OptionalLong floor = cloned ? OptionalLong.of(capture.floor()) : OptionalLong.empty();
            capture.forAll(dump -> dump.awaitReady(ahead, floor), System.nanoTime() + STARTS_WITHIN.toNanos());
        } catch (IOException e) {
            capture.barrier.fail(e);
        }
        if (capture.barrier.failed()) {
            throw capture.rollBack();
        }
        return capture;
    }

    private long floor() throws IOException {
        long bytes = 0;
        for (CaptureTarget target : targets) {
            bytes += proc.anonymousBytes(target.process()) + MARGIN;
        }
        return bytes;
    }

    @Override
    public List<CaptureTarget> targets() {
        return targets;
    }

    @Override
    public synchronized boolean waits() {
        return !over && dumps.stream().allMatch(MemberDump::runs);
    }

    @Override
    public synchronized List<CaptureOutcome> capture(Duration timeout) {
        if (over) {
            throw new IllegalStateException("this capture is over");
        }
        over = true;
        long deadline = System.nanoTime() + timeout.toNanos();
        MemberDump.FreezeCheck allFrozen = this::awaitAllFrozen;
        forAll(dump -> dump.run(barrier, allFrozen, deadline), deadline);
        try {
            if (!barrier.failed()) {
                List<CaptureOutcome> outcomes = new ArrayList<>();
                for (MemberDump dump : dumps) {
                    outcomes.add(dump.finish(images));
                }
                return outcomes;
            }
        } catch (IOException e) {
            barrier.fail(e);
        }
        throw rollBack();
    }

    @Override
    public synchronized void close() {
        if (!over) {
            over = true;
            barrier.fail(new IOException("given up before it began"));
            rollBack();
        }
    }

    /** Leads all dumps through a part of their way at once; what goes wrong is noted at the barrier. */
    private void forAll(Part part, long deadline) {
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, dumps.size()));
        try {
            Map<MemberDump, Future<?>> running = new LinkedHashMap<>();
            for (MemberDump dump : dumps) {
                running.put(dump, threads.submit(() -> {
                    try {
                        part.lead(dump);
                    } catch (DumpBarrier.DumpAbortedException another) {
                        // The failure that counts was noted by the dump that failed.
                    } catch (Exception e) {
                        barrier.fail(new DumpFailure(dump, e));
                    }
                }));
            }
            awaitAll(running, threads, deadline);
        } finally {
            threads.shutdown();
        }
    }

    private void awaitAll(Map<MemberDump, Future<?>> running, ExecutorService threads, long deadline) {
        for (Map.Entry<MemberDump, Future<?>> entry : running.entrySet()) {
            try {
                entry.getValue().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | InterruptedException e) {
                barrier.fail(new DumpFailure(entry.getKey(), e));
                // Their hooks' connections are closed, so all end soon; only then may their files be touched.
                awaitQuietly(threads);
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                return;
            } catch (ExecutionException defect) {
                throw new IllegalStateException(defect.getCause());
            }
        }
    }

    /**
     * No member may run on before all are frozen: what it sent then could reach one that is not yet captured, and the
     * images would show an effect without its cause.
     */
    private void awaitAllFrozen(long deadline) throws IOException, InterruptedException, TimeoutException {
        for (MemberDump dump : dumps) {
            while (!barrier.failed()
                    && !dump.isCaptured()
                    && !proc.isSeized(dump.target().process().pid())) {
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException();
                }
                TimeUnit.MICROSECONDS.sleep(FREEZE_POLL_MICROS);
            }
        }
    }

    private OperationFailedException rollBack() {
        over = true;
        Throwable failure = barrier.firstFailure();
        OperationFailedException result = null;
        for (MemberDump dump : dumps) {
            try {
                String errors = dump.rollBack(logs.resolve(dump.target().name() + "-dump.log"));
                if (failure instanceof DumpFailure of && of.dump == dump) {
                    result = CaptureFailure.of(dump.target().name(), of.getCause(), errors);
                }
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
        try {
            for (CaptureTarget target : targets) {
                target.live().removeDump();
                Trees.remove(target.image());
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return result != null
                ? result
                : new OperationFailedException(
                        FailureReason.CRIU_FAILED,
                        "the capture could not be carried out: " + failure.getMessage(),
                        failure);
    }

    private static void awaitQuietly(ExecutorService threads) {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("dumps do not end though their hooks were disconnected");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A part of a dump's way. */
    private interface Part {
        void lead(MemberDump dump)
                throws IOException, InterruptedException, TimeoutException, DumpBarrier.DumpAbortedException;
    }

    /** Which dump failed. */
    private static final class DumpFailure extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient MemberDump dump;

        private DumpFailure(MemberDump dump, Exception cause) {
            super(cause);
            this.dump = dump;
        }
    }
}
