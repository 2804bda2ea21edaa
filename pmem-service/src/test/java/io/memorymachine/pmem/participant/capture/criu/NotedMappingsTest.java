package io.memorymachine.pmem.participant.capture.criu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.Toolbox;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * mm-smaps within a program that opens a process's smaps as CRIU does, relative to its folder in /proc: grep. Flags that no
 * kernel knows tell notes from the kernel's file.
 */
class NotedMappingsTest {
    private static final Path LIBRARY = Path.of("target/native/mm-smaps.so").toAbsolutePath();
    private static final String MARK = "zz ";

    @TempDir
    Path folder;

    private SleepingProcess noted;
    private SleepingProcess other;

    @BeforeEach
    void start() throws IOException {
        noted = SleepingProcess.start();
        other = SleepingProcess.start();
    }

    @AfterEach
    void end() {
        noted.close();
        other.close();
    }

    @Test
    void mappingsThatAreAsNotedHaveTheNotedFlags() throws IOException {
        List<String> notes = notes(noted.pid());
        write(notes);

        assertThat(read(noted.pid())).isEqualTo(stripped(notes));
    }

    @Test
    void notesOfMappingsThatAreGoneDoNotMatter() throws IOException {
        List<String> notes = notes(noted.pid());
        List<String> expected = stripped(notes);
        notes.addAll(1, List.of("1000-2000 rw-p 00000000 00:00 0 ", "VmFlags: " + MARK));
        write(notes);

        assertThat(read(noted.pid())).isEqualTo(expected);
    }

    @Test
    void aMappingThatWasNotNotedMakesTheKernelTellThemAll() throws IOException {
        List<String> notes = notes(noted.pid());
        notes.subList(3, 5).clear();
        write(notes);

        assertKernels();
    }

    @Test
    void aMappingThatHasChangedMakesTheKernelTellThemAll() throws IOException {
        List<String> notes = notes(noted.pid());
        notes.set(1, notes.get(1).replace("r--p", "rw-p"));
        write(notes);

        assertKernels();
    }

    @Test
    void notesThatEndHalfWayAreNoNotes() throws IOException {
        List<String> notes = notes(noted.pid());
        notes.remove(notes.size() - 1);
        write(notes);

        assertKernels();
    }

    @Test
    void theNotesAreOfOneProcessAlone() throws IOException {
        write(notes(noted.pid()));

        assertThat(read(other.pid())).isNotEmpty().noneMatch(line -> line.contains(MARK));
    }

    @Test
    void withoutNotesTheKernelIsAsked() throws IOException {
        assertKernels();
    }

    private void assertKernels() throws IOException {
        assertThat(read(noted.pid())).anyMatch(line -> line.startsWith("Rss:")).noneMatch(line -> line.contains(MARK));
    }

    private List<String> notes(long pid) throws IOException {
        List<String> notes = new ArrayList<>(List.of("pid " + pid));
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps"))) {
            if (line.matches("[0-9a-f]+-.*")) {
                notes.add(line);
            } else if (line.startsWith("VmFlags:")) {
                notes.add("VmFlags: " + MARK + line.substring("VmFlags:".length()));
            }
        }
        assertThat(notes).hasSizeGreaterThan(20);
        return notes;
    }

    private void write(List<String> notes) throws IOException {
        Files.write(folder.resolve("notes"), notes);
    }

    private List<String> read(long pid) {
        return Command.of(
                        "env",
                        "LD_PRELOAD=" + LIBRARY,
                        Toolbox.NOTES + "=" + folder.resolve("notes"),
                        "grep",
                        "--recursive",
                        "--no-filename",
                        "--include=smaps",
                        "--exclude-dir=task",
                        "--exclude-dir=fd",
                        "--exclude-dir=fdinfo",
                        "--exclude-dir=map_files",
                        "--exclude-dir=net",
                        "--exclude-dir=ns",
                        "--exclude-dir=attr",
                        "",
                        "/proc/" + pid)
                .orFail(FailureReason.INTERNAL)
                .lines()
                .map(String::strip)
                .toList();
    }

    private static List<String> stripped(List<String> notes) {
        return notes.subList(1, notes.size()).stream().map(String::strip).toList();
    }
}
