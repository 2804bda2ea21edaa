package io.memorymachine.pmem.participant.prepare;

import java.io.IOException;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.member.HeapMapping;
import io.memorymachine.pmem.member.LiveFolder;
import io.memorymachine.pmem.member.MemberProcess;
import io.memorymachine.pmem.member.ProcFs;

/**
 * Names a member's heap and writes its dirty pages back while the member runs. A clone has to write back what is dirty,
 * so what is left here is paid for with the member frozen.
 */
public final class HeapFlusher {
    private static final int MOST_ROUNDS = 8;
    private static final long LITTLE = 16L << 20;

    private final ProcFs proc;

    /** Reads dirty pages from the given proc file system. */
    public HeapFlusher(ProcFs proc) {
        this.proc = proc;
    }

    /**
     * Flushes until less than 16 MiB are dirty, a round brings it down by less than a quarter (the application dirties
     * as fast as the volume writes), or eight rounds are over. Can be called again at any time.
     *
     * @throws OperationFailedException HEAP_NOT_ON_VOLUME, MEMBER_DOWN, CANCELLED when interrupted between two rounds
     */
    public Flushed flush(MemberProcess process, LiveFolder live) {
        live.nameHeap(process, proc);
        HeapMapping mapping = process.heap().orElseThrow();
        long begin = System.nanoTime();
        int rounds = 0;
        try {
            long before;
            long dirty = Long.MAX_VALUE;
            do {
                if (Thread.currentThread().isInterrupted()) {
                    throw new OperationFailedException(FailureReason.CANCELLED, "the flush was interrupted");
                }
                before = dirty;
                live.flushHeap();
                dirty = proc.dirtyBytes(process, mapping);
                rounds++;
            } while (dirty > LITTLE && dirty < before - before / 4 && rounds < MOST_ROUNDS);
            return new Flushed(rounds, dirty, (System.nanoTime() - begin) / 1000);
        } catch (IOException e) {
            throw new OperationFailedException(
                    FailureReason.MEMBER_DOWN, "the heap " + live.heap() + " cannot be flushed: " + e, e);
        }
    }

    /** What a flush came to: its rounds, the bytes that were dirty again or still at its end, and its duration. */
    public record Flushed(int rounds, long dirtyBytes, long micros) {}
}
