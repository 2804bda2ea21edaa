package io.memorymachine.pmem.participant.criu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The durations in CRIU's {@code stats-dump}, in microseconds.
 *
 * @param freezing until all threads were stopped
 * @param frozen from then until they ran again
 */
public record DumpStats(long freezing, long frozen) {
    /** Two magic numbers and the size of the message that follows. */
    private static final int HEADER_BYTES = 12;

    private static final int DUMP_FIELD = 1;
    private static final int FREEZING_FIELD = 1;
    private static final int FROZEN_FIELD = 2;

    /**
     * Reads the file. It is a protocol buffer in which all that is wanted are two numbers of one nested message
     * ({@code stats_entry.dump} in CRIU's stats.proto), of which every field is a number.
     */
    public static DumpStats read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(HEADER_BYTES);
        if (number(bytes) >>> 3 != DUMP_FIELD) {
            throw new IOException(file + " holds no statistics of a dump");
        }
        int size = (int) number(bytes);
        bytes.limit(bytes.position() + size);
        long freezing = 0;
        long frozen = 0;
        while (bytes.hasRemaining()) {
            int field = (int) (number(bytes) >>> 3);
            long value = number(bytes);
            if (field == FREEZING_FIELD) {
                freezing = value;
            } else if (field == FROZEN_FIELD) {
                frozen = value;
            }
        }
        return new DumpStats(freezing, frozen);
    }

    private static long number(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
