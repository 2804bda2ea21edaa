package io.memorymachine.local.bench;

import java.nio.file.Path;
import java.util.List;

import io.memorymachine.local.console.Console;
import io.memorymachine.local.process.ProcessRecord;
import io.memorymachine.local.process.Processes;
import io.memorymachine.local.system.Installation;
import io.memorymachine.local.system.RunDirectory;
import io.memorymachine.local.system.ServiceProcess;
import io.memorymachine.local.system.SystemSettings;
import io.memorymachine.local.system.SystemStarter;

/**
 * What all sections work with.
 *
 * @param quick whether each thing is to be done once, and small
 * @param heaps sizes that were asked for instead of the usual ones, or empty
 * @param rootfs the members' image
 * @param systems brings systems up and takes them down
 */
public record Bench(
        boolean quick,
        List<Long> heaps,
        RunDirectory directory,
        Installation installation,
        Path rootfs,
        Processes processes,
        Console console,
        Systems systems) {
    /** Those of a quick run are shared by its sections. */
    public Bench {
        systems = quick ? new SharedSystems(systems) : systems;
    }

    /** Once, or as often as a median needs. */
    int times(int often) {
        return quick ? 1 : often;
    }

    /** As large as usual, or as small as a quick run wants it. */
    <T> T size(T usual, T small) {
        return quick ? small : usual;
    }

    /** The process of a service of the system that is up; fails where it does not run. */
    ProcessRecord running(ServiceProcess service) {
        return processes
                .running(service.module())
                .orElseThrow(() -> new BenchFailedException(service.module() + " does not run"));
    }

    /** What starts processes of the system that is up again. */
    SystemStarter starter(SystemSettings settings) {
        return new SystemStarter(directory, installation, settings, processes, console);
    }

    /** Brings systems up, one at a time. */
    public interface Systems {
        /** Starts a system in place of any other, and does the work. */
        void with(SystemSettings settings, Work work);

        /** One with so many members of a heap size and a volume in memory of a size. */
        SystemSettings settings(int members, long heapBytes, long volumeBytes);
    }

    /** What is done on a system that is up. */
    public interface Work {
        void on(SystemSettings settings);
    }
}
