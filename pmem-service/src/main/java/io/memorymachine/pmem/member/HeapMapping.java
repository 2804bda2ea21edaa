package io.memorymachine.pmem.member;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.memorymachine.pmem.runtime.Toolbox;

/**
 * The first mapping of the file on the pmem volume that holds a member's heap.
 *
 * @param range the name of the mapping in {@code /proc/PID/map_files}
 * @param inode the file's inode number
 */
public record HeapMapping(String range, long inode) {
    private static final Pattern SHARED_FILE =
            Pattern.compile("([0-9a-f]+)-([0-9a-f]+) ...s \\S+ \\S+ (\\d+)\\s+(/.*)");
    private static final String HEAP_FOLDER = Toolbox.PMEM_IN_CONTAINER + "/heap/";

    /** Finds the heap in the lines of {@code /proc/PID/maps}; empty where no heap is on the volume. */
    public static Optional<HeapMapping> find(List<String> maps) {
        return maps.stream()
                .map(SHARED_FILE::matcher)
                .filter(Matcher::matches)
                .filter(line -> line.group(4).startsWith(HEAP_FOLDER))
                .findFirst()
                .map(line -> new HeapMapping(
                        withoutLeadingZeros(line.group(1)) + "-" + withoutLeadingZeros(line.group(2)),
                        Long.parseLong(line.group(3))));
    }

    /** maps pads addresses to eight digits, map_files does not. */
    private static String withoutLeadingZeros(String address) {
        return Long.toHexString(Long.parseUnsignedLong(address, 16));
    }

    /** The size of the mapping: the whole heap that is reserved. */
    public long bytes() {
        String[] ends = range.split("-");
        return Long.parseUnsignedLong(ends[1], 16) - Long.parseUnsignedLong(ends[0], 16);
    }
}
