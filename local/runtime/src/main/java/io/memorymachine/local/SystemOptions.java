package io.memorymachine.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import io.memorymachine.local.console.Amounts;
import io.memorymachine.local.host.Memory;
import io.memorymachine.local.system.Ports;
import io.memorymachine.local.system.Sizing;
import io.memorymachine.local.system.SystemSettings;

/** How a system is to be, as options. */
final class SystemOptions {
    private static final long SMALLEST_HEAP = 128L << 20;
    private static final long SMALLEST_VOLUME = 512L << 20;
    private static final int MOST_MEMBERS = 20;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--members", defaultValue = "3", description = "How many Hazelcast members (${DEFAULT-VALUE}).")
    private int members;

    @Option(
            names = "--heap",
            defaultValue = "512m",
            paramLabel = "SIZE",
            description = "The heap of a member (${DEFAULT-VALUE}).")
    private String heap;

    @Option(
            names = "--volume-size",
            paramLabel = "SIZE",
            description = "The size of the pmem volume; its file is sparse (8g, or four times the heaps).")
    private String volumeSize;

    @Option(
            names = "--volume-backing",
            defaultValue = "auto",
            description =
                    "Where the volume's file is: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}: in memory if it fits).")
    private Backing backing;

    @Option(
            names = "--ports",
            defaultValue = "documented",
            description =
                    "${COMPLETION-CANDIDATES}: those that the documentation names, or any free ones (${DEFAULT-VALUE}).")
    private PortChoice ports;

    /** The settings that the options describe. */
    SystemSettings settings(boolean demo) {
        long heapBytes = size("--heap", heap);
        require(members >= 1 && members <= MOST_MEMBERS, "--members must be 1 to " + MOST_MEMBERS);
        require(heapBytes >= SMALLEST_HEAP, "--heap must be " + Amounts.size(SMALLEST_HEAP) + " or more");
        long volumeBytes =
                volumeSize == null ? Sizing.volumeBytes(members, heapBytes) : size("--volume-size", volumeSize);
        require(
                volumeBytes >= SMALLEST_VOLUME && volumeBytes > members * heapBytes,
                "--volume-size must be " + Amounts.size(SMALLEST_VOLUME)
                        + " or more, and more than the heaps together");
        Ports chosen = ports == PortChoice.free ? Ports.free() : Ports.DEFAULTS;
        return new SystemSettings(chosen, members, heapBytes, volumeBytes, inMemory(heapBytes), demo);
    }

    private boolean inMemory(long heapBytes) {
        return switch (backing) {
            case dram -> true;
            case disk -> false;
            case auto -> Sizing.fitsInMemory(members, heapBytes, Memory.availableBytes(), sharedMemory());
        };
    }

    private static long sharedMemory() {
        try {
            return Files.getFileStore(Path.of("/dev/shm")).getUsableSpace();
        } catch (IOException e) {
            // There is no such file system: nothing fits.
            return 0;
        }
    }

    private long size(String option, String text) {
        try {
            return Amounts.bytes(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), option + ": " + e.getMessage());
        }
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(command.commandLine(), message);
        }
    }

    enum Backing {
        dram,
        disk,
        auto
    }

    enum PortChoice {
        documented,
        free
    }
}
