package io.memorymachine.local.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.memorymachine.local.console.Amounts;
import io.memorymachine.local.demo.DemoReport.ClientPart;
import io.memorymachine.local.demo.DemoReport.RestorePart;
import io.memorymachine.local.demo.DemoReport.SnapshotPart;
import io.memorymachine.local.demo.DemoReport.Target;

/** What the product means to reach on a small machine. */
final class Targets {
    private static final long FROZEN_MICROS = 600_000;
    private static final long STALL_MICROS = 2_000_000;
    private static final long SPREAD_MICROS = 100_000;
    private static final long BACK_MILLIS = 6_000;

    private Targets() {}

    static List<Target> of(boolean pause, SnapshotPart snapshot, RestorePart restore, ClientPart client) {
        List<Target> targets = new ArrayList<>();
        targets.add(new Target(
                "capture mode", "clone", snapshot.captureMode(), "clone".equalsIgnoreCase(snapshot.captureMode())));
        targets.add(below("longest frozen member", FROZEN_MICROS, snapshot.longestFrozenMicros()));
        targets.add(below(
                "client without a success", STALL_MICROS, client.snapshot().longestMicros()));
        if (!pause) {
            targets.add(below("members frozen within", SPREAD_MICROS, snapshot.frozenSpreadMicros()));
            long errors = client.snapshot().errorCount();
            targets.add(new Target("client errors in snapshot", "0", Long.toString(errors), errors == 0));
        }
        targets.add(new Target(
                "destroyed to active",
                seconds(BACK_MILLIS),
                seconds(restore.destroyedToActiveMillis()),
                restore.destroyedToActiveMillis() > 0 && restore.destroyedToActiveMillis() < BACK_MILLIS));
        return targets;
    }

    private static Target below(String name, long limitMicros, long micros) {
        return new Target(name, Amounts.millis(limitMicros), Amounts.millis(micros), micros < limitMicros);
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
}
