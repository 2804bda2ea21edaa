package io.memorymachine.local.bench;

import java.util.List;
import java.util.Map;

import io.memorymachine.local.console.Amounts;

/** What is measured for each way of copying a member, each heap and each rate of writes. */
final class HeapFigures {
    static final String OURS = "ours --nopause";
    static final String QUIESCED = "ours quiesce";
    static final String TO_MEMORY = "CRIU to tmpfs";
    static final String TO_DISK = "CRIU to disk";
    static final String RUNC = "runc checkpoint";
    static final String EXPORT = "logical export";
    static final String RESTORE = "restore";
    static final String RELOAD = "reload";

    static final String FROZEN = "frozen";
    static final String STALL = "stall";
    static final String WHOLE = "whole";
    static final String DESTROYED_TO_ACTIVE = "destroyed to active";
    static final String CLIENT_GAP = "client gap";

    /** Those that stop the member. */
    static final List<String> STOPPING = List.of(OURS, QUIESCED, TO_MEMORY, TO_DISK, RUNC);

    /** Writes a second. */
    static final List<Integer> RATES = List.of(0, 500, WriteLoad.UNLIMITED);

    private final Measurements found = new Measurements();

    void add(String method, String what, long heap, int rate, String unit, double value) {
        found.add(key(method, what, heap, rate), unit, value);
    }

    /** Without values where it was not measured. */
    Sample sample(String method, String what, long heap, int rate) {
        return found.sample(key(method, what, heap, rate));
    }

    Map<String, Sample> all() {
        return found.all();
    }

    private static String key(String method, String what, long heap, int rate) {
        return method + ", " + what + ", " + Amounts.size(heap) + ", writes " + WriteLoad.name(rate);
    }
}
