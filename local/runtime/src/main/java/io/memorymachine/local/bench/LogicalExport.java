package io.memorymachine.local.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import com.hazelcast.map.IMap;

/**
 * What one would do without any snapshot: a client reads every entry and writes it into a file, which is made durable. Nothing
 * stands still, and the file holds entries of many moments: it is no consistent cut.
 *
 * @param bytes of the file
 */
record LogicalExport(long micros, long entries, long bytes) {
    /** Entries that are asked for together. */
    private static final int CHUNK = 128;

    /** Exports a map into a file, which is removed again. */
    static LogicalExport of(IMap<Integer, byte[]> map, Path file) {
        long from = System.nanoTime();
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            List<Integer> keys = new ArrayList<>(map.keySet());
            long entries = 0;
            for (int chunk = 0; chunk < keys.size(); chunk += CHUNK) {
                List<Integer> some = keys.subList(chunk, Math.min(keys.size(), chunk + CHUNK));
                Map<Integer, byte[]> values = map.getAll(new HashSet<>(some));
                write(out, values);
                entries += values.size();
            }
            out.force(true);
            return new LogicalExport((System.nanoTime() - from) / 1000, entries, out.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            remove(file);
        }
    }

    /** Key, length and value of each. */
    private static void write(FileChannel out, Map<Integer, byte[]> values) throws IOException {
        int size = values.values().stream()
                .mapToInt(value -> 2 * Integer.BYTES + value.length)
                .sum();
        ByteBuffer buffer = ByteBuffer.allocate(size);
        values.forEach((key, value) -> buffer.putInt(key).putInt(value.length).put(value));
        buffer.flip();
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
