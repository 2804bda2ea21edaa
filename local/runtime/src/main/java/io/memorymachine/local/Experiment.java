package io.memorymachine.local;

import java.util.Map;
import java.util.function.BooleanSupplier;

import io.memorymachine.local.console.Console;
import io.memorymachine.local.system.Ports;
import io.memorymachine.local.system.SystemSettings;

/**
 * A system that is started for an experiment and taken down after it, whatever happens. Its members are small and its
 * volume is in memory: what counts is how often something can be tried.
 */
final class Experiment {
    private static final int MEMBERS = 3;
    private static final long HEAP_BYTES = 128L << 20;
    private static final long VOLUME_BYTES = 4L << 30;

    private final SystemContext context;
    private final SystemSettings settings;
    private final boolean keep;

    Experiment(SystemContext context, SystemSettings settings, boolean keep) {
        this.context = context;
        this.settings = settings;
        this.keep = keep;
    }

    /** The system of an experiment. */
    static SystemSettings settings(SystemOptions.PortChoice ports) {
        return settings(ports, MEMBERS, HEAP_BYTES, VOLUME_BYTES);
    }

    /** One of another size. */
    static SystemSettings settings(SystemOptions.PortChoice ports, int members, long heapBytes, long volumeBytes) {
        return new SystemSettings(
                ports == SystemOptions.PortChoice.free ? Ports.free() : Ports.DEFAULTS,
                members,
                heapBytes,
                volumeBytes,
                true,
                true);
    }

    /**
     * Starts the system, does the work and takes everything down.
     *
     * @param work whether it found what it should
     * @return the exit status
     */
    int run(BooleanSupplier work) {
        return run(Map.of(), work);
    }

    /** Likewise, with services that are configured otherwise than by default. */
    int run(Map<String, String> configuration, BooleanSupplier work) {
        Console console = context.console();
        context.refuseWhatUpStarted();
        context.removeRemains();
        Runnable dismiss = context.takeDownWhenInterrupted();
        boolean succeeded = false;
        try {
            console.section("Starting the system");
            context.start(settings, configuration);
            succeeded = work.getAsBoolean();
        } catch (RuntimeException e) {
            if (!context.ending()) {
                console.failed(e.getMessage() == null ? e.toString() : e.getMessage(), "");
            }
        }
        if (context.ending()) {
            // Everything is being taken away under the experiment; the exit status is that of the signal.
            return Mm.FAILED;
        }
        boolean clean = true;
        if (keep) {
            console.line("The system runs on. Look: ./mm status   End: ./mm down");
        } else {
            console.section("Taking everything down");
            clean = context.takeDown();
        }
        dismiss.run();
        return succeeded && clean ? 0 : Mm.FAILED;
    }
}
