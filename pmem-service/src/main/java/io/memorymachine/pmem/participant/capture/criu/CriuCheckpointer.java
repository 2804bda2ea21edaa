package io.memorymachine.pmem.participant.capture.criu;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import io.memorymachine.pmem.member.HeapMapping;
import io.memorymachine.pmem.member.ProcFs;
import io.memorymachine.pmem.participant.capture.CaptureOutcome;
import io.memorymachine.pmem.participant.capture.CaptureTarget;
import io.memorymachine.pmem.participant.capture.Checkpointer;
import io.memorymachine.pmem.runtime.Toolbox;
import io.memorymachine.pmem.runtime.Trees;

/**
 * Captures with one CRIU for each member, started inside the member's own namespaces, so that the images hold processes
 * only and fit any new container.
 *
 * <p>If this process dies half-way, the hooks lose their connection, every CRIU gives up and every member runs on; what
 * lies in the live folders then is removed by the next capture or by {@code LiveFolder.removeDump}.
 */
public final class CriuCheckpointer implements Checkpointer {
    private static final long FREEZE_POLL_MICROS = 500;

    /** Longer than what is not heap takes to dump. */
    private static final Duration OTHER_ENDS_WITHIN = Duration.ofSeconds(10);

    private static final long OTHER_POLL_MILLIS = 20;

    private final Toolbox toolbox;
    private final ProcFs proc;
    private final MemberImages images;
    private final Path logs;

    /**
     * Makes one that needs nothing to be closed.
     *
     * @param logs where CRIU's log of a failed dump is kept, as {@code NAME-dump.log}; made when needed
     */
    public CriuCheckpointer(Toolbox toolbox, ProcFs proc, MemberImages images, Path logs) {
        this.toolbox = toolbox;
        this.proc = proc;
        this.images = images;
        this.logs = logs;
    }

    @Override
    public List<CaptureOutcome> capture(List<CaptureTarget> targets, CaptureMode mode, Duration timeout) {
        if (targets.isEmpty()) {
            return List.of();
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        awaitNoOther(targets);
        for (CaptureTarget target : targets) {
            if (!proc.lives(target.process())) {
                throw new OperationFailedException(FailureReason.MEMBER_DOWN, target.name() + " does not run any more");
            }
            if (mode == CaptureMode.CLONE) {
                target.live().nameHeap(target.process(), proc);
            } else {
                requireCopyable(target);
            }
        }
        DumpBarrier barrier = new DumpBarrier(targets.size());
        List<MemberDump> dumps = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(targets.size());
        try {
            for (CaptureTarget target : targets) {
                dumps.add(MemberDump.start(target, mode, toolbox));
            }
            dumps.forEach(dump -> barrier.onFailure(dump::abort));
            runAll(dumps, barrier, threads, deadline);
            if (!barrier.failed()) {
                List<CaptureOutcome> outcomes = new ArrayList<>();
                for (MemberDump dump : dumps) {
                    outcomes.add(dump.finish(images));
                }
                return outcomes;
            }
        } catch (IOException e) {
            barrier.fail(e);
        } finally {
            threads.shutdown();
        }
        throw rollBack(targets, dumps, barrier.firstFailure());
    }

    /**
     * A CRIU that outlived an earlier instance of this service gives up at its next hook, which finds nobody to talk to. Until
     * then it holds its member, and its hook would find this capture's socket.
     */
    private void awaitNoOther(List<CaptureTarget> targets) {
        long deadline = System.nanoTime() + OTHER_ENDS_WITHIN.toNanos();
        try {
            for (CaptureTarget target : targets) {
                while (proc.lives(target.process())
                        && proc.isSeized(target.process().pid())) {
                    if (System.nanoTime() > deadline) {
                        throw OperationFailedException.transientFailure(
                                FailureReason.CRIU_FAILED, target.name() + " is still held by an earlier CRIU", null);
                    }
                    TimeUnit.MILLISECONDS.sleep(OTHER_POLL_MILLIS);
                }
            }
        } catch (IOException ended) {
            // The member ended while it was looked at: seen and told right after this.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationFailedException(
                    FailureReason.CANCELLED, "the capture was cancelled; all members run on", e);
        }
    }

    private static void requireCopyable(CaptureTarget target) {
        long bytes = target.process().heap().map(HeapMapping::bytes).orElse(0L);
        if (bytes > MemberDump.MOST_COPIED_BYTES) {
            throw new OperationFailedException(
                    FailureReason.CLONE_UNSUPPORTED,
                    "the heap of " + target.name() + " has " + bytes
                            + " bytes: one that cannot be cloned can be captured up to "
                            + MemberDump.MOST_COPIED_BYTES);
        }
    }

    private void runAll(List<MemberDump> dumps, DumpBarrier barrier, ExecutorService threads, long deadline) {
        MemberDump.FreezeCheck allFrozen = limit -> awaitAllFrozen(dumps, barrier, limit);
        Map<MemberDump, Future<?>> running = new LinkedHashMap<>();
        for (MemberDump dump : dumps) {
            running.put(dump, threads.submit(() -> {
                try {
                    dump.run(barrier, allFrozen, deadline);
                } catch (DumpBarrier.DumpAbortedException another) {
                    // The failure that counts was noted by the dump that failed.
                } catch (Exception e) {
                    barrier.fail(new DumpFailure(dump, e));
                }
                return null;
            }));
        }
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
    private void awaitAllFrozen(List<MemberDump> dumps, DumpBarrier barrier, long deadline)
            throws IOException, InterruptedException, TimeoutException {
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

    private OperationFailedException rollBack(List<CaptureTarget> targets, List<MemberDump> dumps, Throwable failure) {
        OperationFailedException result = null;
        for (MemberDump dump : dumps) {
            try {
                String errors = dump.rollBack(logs.resolve(dump.target().name() + "-dump.log"));
                if (failure instanceof DumpFailure of && of.dump == dump) {
                    result = MemberDump.asFailure(dump.target().name(), of.getCause(), errors);
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
