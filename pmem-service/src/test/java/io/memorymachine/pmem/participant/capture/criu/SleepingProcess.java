package io.memorymachine.pmem.participant.capture.criu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.awaitility.Awaitility;

/** A process whose mappings stay as they are. */
final class SleepingProcess implements AutoCloseable {
    private final Process process;

    private SleepingProcess(Process process) {
        this.process = process;
    }

    /** One that has become its program and sleeps. */
    static SleepingProcess start() throws IOException {
        Process process = new ProcessBuilder("sleep", "60").start();
        Path waitsIn = Path.of("/proc/" + process.pid() + "/wchan");
        Awaitility.await().until(() -> Files.readString(waitsIn).contains("nanosleep"));
        return new SleepingProcess(process);
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
