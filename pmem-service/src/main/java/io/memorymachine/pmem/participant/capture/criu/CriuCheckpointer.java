package io.memorymachine.pmem.participant.capture.criu;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.image.MemberImages;
import io.memorymachine.pmem.member.HeapMapping;
import io.memorymachine.pmem.member.ProcFs;
import io.memorymachine.pmem.participant.capture.ArmedCapture;
import io.memorymachine.pmem.participant.capture.CaptureOutcome;
import io.memorymachine.pmem.participant.capture.CaptureTarget;
import io.memorymachine.pmem.participant.capture.Checkpointer;
import io.memorymachine.pmem.runtime.Toolbox;

/**
 * Captures with one CRIU for each member, started inside the member's own namespaces, so that the images hold processes
 * only and fit any new container.
 *
 * <p>If this process dies half-way, the hooks lose their connection, every CRIU gives up and every member runs on; what
 * lies in the live folders then is removed by the next capture or by {@code LiveFolder.removeDump}.
 */
public final class CriuCheckpointer implements Checkpointer {
    /** Longer than what is not heap takes to dump. */
    private static final Duration OTHER_ENDS_WITHIN = Duration.ofSeconds(10);

    private static final long OTHER_POLL_MILLIS = 20;

    private final Toolbox toolbox;
    private final ProcFs proc;
    private final MemberImages images;
    private final Path logs;
    private final boolean clonesEarly;

    /**
     * Makes one that needs nothing to be closed.
     *
     * @param logs where CRIU's log of a failed dump is kept, as {@code NAME-dump.log}; made when needed
     * @param clonesEarly whether heaps are cloned when a capture is armed, and brought up to date in the freeze
     */
    public CriuCheckpointer(Toolbox toolbox, ProcFs proc, MemberImages images, Path logs, boolean clonesEarly) {
        this.toolbox = toolbox;
        this.proc = proc;
        this.images = images;
        this.logs = logs;
        this.clonesEarly = clonesEarly;
    }

    @Override
    public ArmedCapture arm(List<CaptureTarget> targets, CaptureMode mode) {
        return arm(targets, mode, true);
    }

    @Override
    public List<CaptureOutcome> capture(List<CaptureTarget> targets, CaptureMode mode, Duration timeout) {
        // Applications may be waiting already: what is done ahead would only be done twice.
        try (ArmedCapture armed = arm(targets, mode, false)) {
            return armed.capture(timeout);
        }
    }

    private ArmedCapture arm(List<CaptureTarget> targets, CaptureMode mode, boolean ahead) {
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
        return CriuCapture.arm(targets, mode, ahead, ahead && clonesEarly, toolbox, proc, images, logs);
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
}
