package io.memorymachine.pmem.participant.capture.criu;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.Toolbox;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.pmem.testing.TestVolume;
import io.memorymachine.pmem.volume.xfs.EmulatedVolume;

import static org.assertj.core.api.Assertions.assertThat;

/** The dump hook as CRIU runs it, on a real volume: what it clones is what the heap holds in the freeze. */
class DumpHookTest {
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final int PAGE = 4096;
    private static final int PAGES = 16 << 10;
    private static final long VOLUME = 1L << 30;
    private static final long FLOOR = 200L << 20;
    private static final String EARLY = "early " + FLOOR;

    private static TestVolume opened;
    private static EmulatedVolume volume;

    private Path live;
    private HookConversation hook;

    @BeforeAll
    static void openVolume() throws IOException {
        opened = TestVolume.open("hook-test", VOLUME);
        volume = opened.volume();
    }

    @AfterAll
    static void closeVolume() throws IOException {
        if (opened != null) {
            opened.close();
        }
    }

    @BeforeEach
    void set() throws IOException {
        live = volume.root().resolve("member");
        Trees.create(live.resolve("heap"));
        Trees.create(live.resolve("dump"));
        Trees.create(live.resolve("dump/heap"));
        try (RandomAccessFile heap = new RandomAccessFile(heap().toFile(), "rw")) {
            heap.setLength((long) PAGES * PAGE);
        }
        hook = HookConversation.listen(live.resolve("hook.sock"));
    }

    @AfterEach
    void remove() throws IOException {
        hook.close();
        Trees.remove(live);
    }

    @Test
    void anEarlyCloneIsBroughtUpToDateWhateverWasWrittenSince() throws Exception {
        Random random = new Random(7);
        // A third of it stays a hole, and an older clone shares what is there.
        write(random, 4000, PAGES * 2 / 3);
        Command.of(
                        "cp",
                        "--reflink=always",
                        heap().toString(),
                        live.resolve("older").toString())
                .orFail(FailureReason.INTERNAL);
        write(random, 500, PAGES * 2 / 3);

        arm(EARLY);
        write(random, 900, PAGES);
        Command.of("fallocate", "--punch-hole", "--offset", "8192", "--length", "40960", heap().toString())
                .orFail(FailureReason.INTERNAL);
        capture("link_remap.5");

        assertThat(Files.mismatch(heap(), live.resolve("dump/heap/link_remap.5")))
                .isEqualTo(-1);
        assertThat(live.resolve("dump/heap").toFile().list()).containsExactly("link_remap.5");
    }

    @Test
    void aRefreshBringsTheEarlyCloneUpToDateWhileTheApplicationWrites() throws Exception {
        Random random = new Random(13);
        write(random, 3000, PAGES / 2);
        Process process = ready(EARLY);

        for (int round = 0; round < 3; round++) {
            write(random, 500, PAGES);
            hook.say("refresh");
            write(random, 500, PAGES);
            hook.expect("ready");
        }
        Path early = live.resolve("dump/heap").resolve(clones().get(0));
        hook.say("refresh");
        hook.expect("ready");
        assertThat(Files.mismatch(heap(), early)).isEqualTo(-1);
        write(random, 100, PAGES);
        go(process);
        capture("link_remap.6");

        assertThat(Files.mismatch(heap(), live.resolve("dump/heap/link_remap.6")))
                .isEqualTo(-1);
    }

    @Test
    void withoutAnEarlyCloneTheWholeIsClonedInTheFreeze() throws Exception {
        write(new Random(8), 1000, PAGES);

        arm("late");
        assertThat(live.resolve("dump/heap").toFile().list()).isEmpty();
        capture("link_remap.1");

        assertThat(Files.mismatch(heap(), live.resolve("dump/heap/link_remap.1")))
                .isEqualTo(-1);
    }

    @Test
    void anEarlyCloneOfAnotherFileIsNotTaken() throws Exception {
        write(new Random(9), 100, PAGES);
        arm(EARLY);
        Files.delete(heap());
        try (RandomAccessFile heap = new RandomAccessFile(heap().toFile(), "rw")) {
            heap.setLength(PAGES * PAGE / 2);
        }
        write(new Random(10), 100, PAGES / 2);

        capture("link_remap.2");

        assertThat(Files.mismatch(heap(), live.resolve("dump/heap/link_remap.2")))
                .isEqualTo(-1);
        assertThat(live.resolve("dump/heap").toFile().list()).containsExactly("link_remap.2");
    }

    @Test
    void anEarlyCloneIsDroppedWhenTheVolumeFillsBeforeTheFreeze() throws Exception {
        write(new Random(11), 1000, PAGES);
        Process process = ready(EARLY);
        assertThat(clones()).singleElement().asString().startsWith("early.");

        fillUpTo(FLOOR / 2);
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!clones().isEmpty() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(clones()).isEmpty();

        go(process);
        capture("link_remap.3");
        assertThat(Files.mismatch(heap(), live.resolve("dump/heap/link_remap.3")))
                .isEqualTo(-1);
    }

    @Test
    void thereIsNoEarlyCloneOnAVolumeWithLittleRoom() throws Exception {
        write(new Random(12), 1000, PAGES);
        fillUpTo(FLOOR / 2);

        arm(EARLY);
        assertThat(clones()).isEmpty();
        capture("link_remap.4");

        assertThat(Files.mismatch(heap(), live.resolve("dump/heap/link_remap.4")))
                .isEqualTo(-1);
    }

    @Test
    void mappingsAreNotedAsTheKernelTellsThemAndTheNotesStayOutOfTheImage() throws Exception {
        Process process = ready("late");
        long self = ProcessHandle.current().pid();
        try (SleepingProcess noted = SleepingProcess.start()) {
            hook.say("note " + noted.pid());
            hook.expect("ready");
            assertThat(Files.readAllLines(notes())).startsWith("pid " + noted.pid());
            assertThat(kernels(noted.pid()))
                    .isEqualTo(Files.readAllLines(notes())
                            .subList(1, Files.readAllLines(notes()).size()));
            // Notes of another time are replaced.
            hook.say("note " + self);
            hook.expect("ready");
            assertThat(Files.readAllLines(notes())).startsWith("pid " + self);
        }
        go(process);

        capture("link_remap.7");

        assertThat(notes()).doesNotExist();
    }

    /** What the kernel says of the mappings and their flags. */
    private static List<String> kernels(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/smaps")).stream()
                .filter(line -> line.matches("[0-9a-f]+-.*|VmFlags:.*"))
                .toList();
    }

    private Path notes() {
        return live.resolve("dump/smaps");
    }

    /** Takes all but so many bytes of the volume, once XFS has freed what the test before has removed: it does so later. */
    private void fillUpTo(long left) throws IOException {
        Awaitility.await().until(() -> Files.getFileStore(live).getUsableSpace() > VOLUME / 2);
        Path filler = live.resolve("filler");
        long bytes = Files.getFileStore(live).getUsableSpace() - left;
        Command.of("fallocate", "--length", Long.toString(bytes), filler.toString())
                .orFail(FailureReason.INTERNAL);
    }

    private List<String> clones() {
        return List.of(live.resolve("dump/heap").toFile().list());
    }

    private Path heap() {
        return live.resolve("heap/heap");
    }

    /** Writes random pages at random places of the first {@code pages}. */
    private void write(Random random, int count, int pages) throws IOException {
        byte[] page = new byte[PAGE];
        try (RandomAccessFile heap = new RandomAccessFile(heap().toFile(), "rw")) {
            for (int i = 0; i < count; i++) {
                random.nextBytes(page);
                heap.seek((long) random.nextInt(pages) * PAGE);
                heap.write(page);
            }
        }
    }

    private void arm(String word) throws Exception {
        go(ready(word));
    }

    private Process ready(String word) throws Exception {
        Process process = start("pre-dump");
        hook.awaitConnection();
        hook.expect("started");
        hook.say(word);
        hook.expect("ready");
        return process;
    }

    private void go(Process process) throws Exception {
        hook.say("go");
        hook.expect("went");
        awaitSuccess(process);
    }

    private void capture(String name) throws Exception {
        Files.createLink(live.resolve("heap").resolve(name), heap());
        Process process = start("post-dump");
        hook.awaitConnection();
        hook.expect("dumped");
        hook.expect("cloned");
        hook.expect("captured");
        hook.say("thaw");
        awaitSuccess(process);
    }

    private Process start(String action) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(List.of(TARGET.resolve("native/mm-hook").toString())).inheritIO();
        // Its socket's path has room for some 100 characters.
        builder.directory(live.toFile());
        builder.environment().put("CRTOOLS_SCRIPT_ACTION", action);
        builder.environment().put("CRTOOLS_IMAGE_DIR", "dump");
        builder.environment().put(Toolbox.NOTES, notes().toString());
        return builder.start();
    }

    private static void awaitSuccess(Process process) throws InterruptedException {
        assertThat(process.waitFor(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
