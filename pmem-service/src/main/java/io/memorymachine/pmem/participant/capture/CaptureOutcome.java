package io.memorymachine.pmem.participant.capture;

import java.time.Instant;

/**
 * What the capture of one member came to.
 *
 * @param readyingMicros before that: from the command to the moment at which all members could be frozen
 * @param frozenAt when its threads began to be stopped; good to a few milliseconds
 * @param frozenMicros from then until they ran again
 * @param freezingMicros the part in which threads were being stopped
 * @param imageMicros the part in which CRIU wrote its images
 * @param cloneMicros the part in which heap files were cloned
 * @param criuBytes size of CRIU's images
 * @param heapBytes size of the cloned heap files; 0 where CRIU copied the heap into its images
 */
public record CaptureOutcome(
        String name,
        long readyingMicros,
        Instant frozenAt,
        long frozenMicros,
        long freezingMicros,
        long imageMicros,
        long cloneMicros,
        long criuBytes,
        long heapBytes) {}
