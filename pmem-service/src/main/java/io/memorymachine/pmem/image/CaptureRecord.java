package io.memorymachine.pmem.image;

import java.time.Instant;

import io.memorymachine.contract.pmem.CaptureMode;

/**
 * What only the moment of the capture knows of a member, kept beside its images.
 *
 * @param namespacePid the application's PID in its container, which it gets again
 * @param stdout where its standard output went: {@code pipe:[INODE]} is connected anew
 * @param stderr where its standard error went
 * @param frozenAt wall clock at which its threads were stopped
 * @param frozenMicros for how long
 * @param heapBytes size of the heap
 */
public record CaptureRecord(
        CaptureMode mode,
        long namespacePid,
        String stdout,
        String stderr,
        Instant frozenAt,
        long frozenMicros,
        long heapBytes) {}
