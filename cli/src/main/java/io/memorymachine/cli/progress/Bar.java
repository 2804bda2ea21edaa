package io.memorymachine.cli.progress;

import java.util.Map;
import java.util.TreeMap;

import io.memorymachine.cli.output.Amounts;
import io.memorymachine.client.Advance;

/** How far a step is, on all nodes that have said so. */
final class Bar {
    private static final int WIDTH = 16;

    private final Map<String, Advance> nodes = new TreeMap<>();

    /** Takes what a node says; it counts instead of what that said before. */
    void take(Advance advance) {
        nodes.put(advance.node(), advance);
    }

    /** {@code [########--------]  50% of 1.7Gi}: never longer than 40 characters. */
    @Override
    public String toString() {
        long done = nodes.values().stream().mapToLong(Advance::done).sum();
        long total = nodes.values().stream().mapToLong(Advance::total).sum();
        double part = total <= 0 ? 0 : Math.max(0, Math.min(1, (double) done / total));
        int full = (int) (part * WIDTH);
        return "[" + "#".repeat(full) + "-".repeat(WIDTH - full) + "]" + String.format("%4d%%", (int) (part * 100))
                + " of " + Amounts.size(total);
    }
}
