package io.memorymachine.local.bench;

import io.memorymachine.local.system.SystemSettings;

/** Sections that ask one after the other for a system of the same size get the same one: starting takes most of a smoke test. */
final class SharedSystems implements Bench.Systems {
    private final Bench.Systems systems;
    private SystemSettings running;

    SharedSystems(Bench.Systems systems) {
        this.systems = systems;
    }

    @Override
    public void with(SystemSettings settings, Bench.Work work) {
        SystemSettings there = running;
        // Nobody works on one on which work failed.
        running = null;
        if (there != null && there.equals(settings.on(there.ports()))) {
            work.on(there);
            running = there;
        } else {
            systems.with(settings, started -> {
                work.on(started);
                running = started;
            });
        }
    }

    @Override
    public SystemSettings settings(int members, long heapBytes, long volumeBytes) {
        return systems.settings(members, heapBytes, volumeBytes);
    }
}
