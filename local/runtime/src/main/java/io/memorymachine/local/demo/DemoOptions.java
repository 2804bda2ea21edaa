package io.memorymachine.local.demo;

/**
 * What a demonstration does.
 *
 * @param pause whether the cluster is made passive for the snapshot
 */
public record DemoOptions(int entries, int valueBytes, boolean pause) {
    /** As snapshot-service takes it. */
    public String profileOptions() {
        return pause ? "" : "--nopause";
    }
}
