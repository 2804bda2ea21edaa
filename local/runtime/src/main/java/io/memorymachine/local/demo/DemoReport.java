package io.memorymachine.local.demo;

import java.time.Instant;
import java.util.List;

import io.memorymachine.local.api.StepView;
import io.memorymachine.local.demo.DataLoader.Verification;
import io.memorymachine.local.demo.StallClock.Stall;

/**
 * What a demonstration found; {@code .mm/demo-report.json} is this record as JSON, times as ISO 8601. Parts that were not
 * reached are null.
 *
 * @param format 1; counts up with every change that a reader has to know of
 * @param succeeded whether everything was as it should be; the command's exit status follows it
 * @param differences what was not as it should be, a sentence each; empty when it succeeded
 * @param targets what the product means to reach, and whether it did this time; they do not change {@code succeeded}
 */
public record DemoReport(
        int format,
        Instant startedAt,
        long totalMillis,
        boolean succeeded,
        List<String> differences,
        Parameters parameters,
        Preparation preparation,
        SnapshotPart snapshot,
        RestorePart restore,
        ClientPart client,
        Verification verification,
        List<Target> targets) {
    /** The format that is written. */
    public static final int FORMAT = 1;

    /**
     * What it was run with.
     *
     * @param volumeBytes the size of the volume
     * @param volumeInMemory whether the volume is in memory, else on disk
     * @param profileOptions as given to snapshot-service; empty or {@code --nopause}
     * @param processors what the machine has
     */
    public record Parameters(
            int members,
            long heapBytes,
            int entries,
            int valueBytes,
            long volumeBytes,
            boolean volumeInMemory,
            String profileOptions,
            int processors) {}

    /**
     * Before the snapshot.
     *
     * @param upMillis from nothing to a system that is ready
     * @param loadMillis writing all entries
     */
    public record Preparation(long upMillis, long loadMillis) {}

    /**
     * The snapshot.
     *
     * @param millis from the request to the end of the saga, as the client saw it
     * @param captureMode {@code clone}, or {@code full} where the volume cannot clone
     * @param capturedBytes heaps and images of all members together
     * @param uniqueBytes what the snapshot alone took on the volume when it was sealed
     * @param pausedMicros how long the cluster was passive; 0 with {@code --nopause}
     * @param longestFrozenMicros the longest time that a member did not run
     * @param frozenSpreadMicros between the moments at which the first and the last member were frozen
     */
    public record SnapshotPart(
            String name,
            long millis,
            String captureMode,
            long capturedBytes,
            long uniqueBytes,
            long pausedMicros,
            long longestFrozenMicros,
            long frozenSpreadMicros,
            List<CapturedMember> members,
            List<StepView> steps) {}

    /**
     * A member in the snapshot.
     *
     * @param frozenMicros how long it did not run
     * @param heapBytes the size of its heap file
     * @param imageBytes what CRIU wrote beside the heap
     */
    public record CapturedMember(
            String pod, String ip, Instant frozenAt, long frozenMicros, long heapBytes, long imageBytes, String mode) {}

    /**
     * The restore.
     *
     * @param millis from the request to the end of the saga, as the client saw it
     * @param destroyedToActiveMillis from the end of the last old member to the whole and active cluster
     * @param safetySnapshot whether what ran before was captured first
     */
    public record RestorePart(
            long millis,
            long destroyedToActiveMillis,
            boolean safetySnapshot,
            List<RestoredMember> members,
            List<StepView> steps) {}

    /** A member before and after the restore. */
    public record RestoredMember(String pod, String oldIp, String newIp, long materializedMicros) {
        /** Whether it has another address now. */
        public boolean moved() {
            return newIp != null && !newIp.equals(oldIp);
        }
    }

    /** What a client that writes and reads all the time saw, by phase. */
    public record ClientPart(Stall steady, Stall snapshot, Stall restore) {}

    /**
     * Something that the product means to reach.
     *
     * @param limit what is allowed, as text
     * @param reached what was reached, as text
     */
    public record Target(String name, String limit, String reached, boolean met) {}
}
