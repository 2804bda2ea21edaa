package io.memorymachine.pmem.volume;

/**
 * How full a volume is; all in bytes.
 *
 * @param live allocated by live members
 * @param snapshots allocated by snapshots and shared with nothing: what deleting all of them would free at least
 * @param shared allocated by snapshots and shared with live heaps or each other
 * @param reserved set aside for running operations
 * @param free not allocated and not reserved
 */
public record VolumeUsage(long capacity, long live, long snapshots, long shared, long reserved, long free) {}
