package io.memorymachine.pmem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.image.ImageCipher;
import io.memorymachine.pmem.image.ImageKeys;
import io.memorymachine.pmem.image.MemberImages;
import io.memorymachine.pmem.member.LiveFolder;
import io.memorymachine.pmem.member.MemberProcess;
import io.memorymachine.pmem.member.ProcFs;
import io.memorymachine.pmem.participant.capture.ArmedCapture;
import io.memorymachine.pmem.participant.capture.CaptureOutcome;
import io.memorymachine.pmem.participant.capture.CaptureTarget;
import io.memorymachine.pmem.participant.capture.criu.CriuCheckpointer;
import io.memorymachine.pmem.participant.materialize.MaterializeTarget;
import io.memorymachine.pmem.participant.materialize.criu.CriuMaterializer;
import io.memorymachine.pmem.participant.prepare.HeapFlusher;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.PrivateFiles;
import io.memorymachine.pmem.runtime.Toolbox;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.pmem.testing.Container;
import io.memorymachine.pmem.testing.CounterApplication;
import io.memorymachine.pmem.volume.Reservations;
import io.memorymachine.pmem.volume.VolumeMeter;
import io.memorymachine.pmem.volume.xfs.EmulatedVolume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Captures and puts back real processes: runc, CRIU, XFS. Needs root; where CI is set it must be able to run. */
class CaptureAndMaterializeTest {
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path WORK = TARGET.resolve("capture-test");
    private static final Toolbox TOOLBOX = new Toolbox(WORK.resolve("bin"));
    private static final Path KEY = WORK.resolve("image-key");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final WorkloadRef WORKLOAD = new WorkloadRef("test", "counter");

    private static EmulatedVolume volume;
    private static String criuVersion;

    private final ProcFs proc = new ProcFs();
    private final MemberImages images = new MemberImages(
            new ObjectMapper().registerModule(new JavaTimeModule()), TOOLBOX, new ImageKeys(Optional.of(KEY)));
    private final CriuCheckpointer checkpointer =
            new CriuCheckpointer(TOOLBOX, proc, images, WORK.resolve("logs"), true);
    private final CriuMaterializer materializer = new CriuMaterializer(TOOLBOX, proc, images, WORK.resolve("logs"));
    private final HeapFlusher flusher = new HeapFlusher(proc);
    private final Deque<Container> containers = new ArrayDeque<>();

    @BeforeAll
    static void openVolume() throws IOException {
        try {
            Trees.create(TOOLBOX.folder());
            byte[] key = new byte[ImageCipher.KEY_BYTES];
            new SecureRandom().nextBytes(key);
            PrivateFiles.write(KEY, Base64.getEncoder().encode(key));
            for (String helper : List.of("mm-init", "mm-hook", "mm-enter", "mm-smaps.so")) {
                Files.deleteIfExists(TOOLBOX.folder().resolve(helper));
                Files.copy(
                        TARGET.resolve("native").resolve(helper),
                        TOOLBOX.folder().resolve(helper));
            }
            Command.of(
                            "src/main/scripts/criu-bundle",
                            "--to",
                            TOOLBOX.folder().resolve("criu").toString(),
                            "--cache",
                            TARGET.resolve("criu-packages").toString())
                    .within(Duration.ofMinutes(5))
                    .orFail(FailureReason.CRIU_MISSING);
            criuVersion = TOOLBOX.requireCriu();
            Command.of("runc", "--version").orFail(FailureReason.INTERNAL);
            volume = new EmulatedVolume(WORK.resolve("volume.img"), WORK.resolve("pmem"), 4L << 30);
            volume.open();
        } catch (OperationFailedException cannotRun) {
            if (System.getenv("CI") != null) {
                throw cannotRun;
            }
            Assumptions.abort(cannotRun.getMessage());
        }
    }

    @AfterAll
    static void closeVolume() throws IOException {
        if (volume != null) {
            volume.close();
            Files.deleteIfExists(WORK.resolve("volume.img"));
        }
    }

    @AfterEach
    void removeContainers() throws IOException {
        while (!containers.isEmpty()) {
            containers.pop().close();
        }
        Trees.remove(volume.layout().live());
        Trees.remove(volume.layout().snapshots());
    }

    @Test
    void membersGoOnInNewContainersWhereTheyWereCapturedAndCanBeCapturedAgain() throws Exception {
        List<Container> first = List.of(startMember(0, "first"), startMember(1, "first"));
        first.forEach(this::awaitLife);
        first.forEach(container -> flusher.flush(process(container), live(first.indexOf(container))));

        List<CaptureOutcome> captured = capture("one", first);

        assertThat(volume.captureMode()).isEqualTo(CaptureMode.CLONE);
        assertThat(captured).allSatisfy(outcome -> {
            assertThat(outcome.heapBytes()).isEqualTo(256L << 20);
            assertThat(outcome.criuBytes()).isBetween(1L << 20, 200L << 20);
            assertThat(outcome.frozenMicros()).isBetween(1_000L, 2_000_000L);
        });
        assertThat(captured.get(0).frozenAt()).isCloseTo(captured.get(1).frozenAt(), within(100, ChronoUnit.MILLIS));
        System.out.println(captured);
        List<Long> countsThen = first.stream().map(this::count).toList();
        first.forEach(this::awaitLife);
        List<String> checksums = seal("one", 2);
        assertThat(new VolumeMeter(volume, new Reservations(volume)).usage()).satisfies(usage -> {
            assertThat(usage.shared()).isPositive();
            assertThat(usage.snapshots()).isPositive();
            assertThat(usage.live()).isGreaterThan(256L << 20);
        });
        destroy(first);

        List<Container> second = restore("one", "second", checksums);

        second.forEach(this::awaitLife);
        for (int i = 0; i < 2; i++) {
            assertThat(count(second.get(i))).isGreaterThanOrEqualTo(1).isLessThan(countsThen.get(i) + 100_000);
            assertThat(second.get(i).output()).allMatch(line -> line.endsWith("intact true files truetrue"));
            assertThat(second.get(i).errors()).isNotEmpty().allMatch(line -> line.startsWith("err "));
            assertThat(Files.readString(
                            Path.of("/proc/" + process(second.get(i)).pid() + "/cgroup")))
                    .contains(":/" + second.get(i).id());
        }

        second.forEach(container -> flusher.flush(process(container), live(second.indexOf(container))));
        System.out.println(capture("two", second));
        second.forEach(this::awaitLife);
        checksums = seal("two", 2);
        destroy(second);
        List<Container> third = restore("two", "third", checksums);
        third.forEach(this::awaitLife);
        assertThat(third.get(0).output()).allMatch(line -> line.endsWith("intact true files truetrue"));

        TOOLBOX.signal(process(third.get(1)).pid(), 9).orFail(FailureReason.INTERNAL);
        assertThat(third.get(1).awaitEnd()).isEqualTo(128 + 9);
    }

    @Test
    void oneMemberThatCannotBeCapturedLeavesAllRunningAndNothingBehind() throws Exception {
        List<Container> members = List.of(startMember(0, "first"), startMember(1, "first"));
        members.forEach(this::awaitLife);
        MemberProcess real = process(members.get(1));
        MemberProcess broken = new MemberProcess(
                real.initPid(),
                real.pid(),
                9999,
                real.startTicks(),
                real.heap(),
                real.upper(),
                real.stdout(),
                real.stderr());
        List<CaptureTarget> targets = List.of(
                new CaptureTarget("counter-0", process(members.get(0)), live(0), image("one", 0)),
                new CaptureTarget("counter-1", broken, live(1), image("one", 1)));

        assertThatThrownBy(() -> checkpointer.capture(targets, CaptureMode.CLONE, TIMEOUT))
                .isInstanceOfSatisfying(OperationFailedException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(FailureReason.CRIU_FAILED);
                    assertThat(failure).hasMessageContaining("counter-1").hasMessageContaining("Error");
                });

        members.forEach(this::awaitLife);
        assertThat(image("one", 0)).doesNotExist();
        assertThat(image("one", 1)).doesNotExist();
        for (int i = 0; i < 2; i++) {
            assertThat(names(live(i).path())).containsExactly("heap");
            assertThat(names(live(i).heaps())).containsExactly("heap");
        }
        assertThat(WORK.resolve("logs/counter-1-dump.log")).exists();
        assertThatAllIsPrivate(WORK.resolve("logs"));
        assertThat(capture("again", members)).hasSize(2);
    }

    @Test
    void whatIsArmedLeavesTheMemberAloneAndIsCarriedOutOrGivenUpWithoutATrace() throws Exception {
        Container member = startMember(0, "first");
        awaitLife(member);

        try (ArmedCapture armed = checkpointer.arm(List.of(target("one", 0, member)), CaptureMode.CLONE)) {
            assertThat(armed.waits()).isTrue();
            awaitLife(member);
        }
        assertThat(names(live(0).path())).containsExactly("heap");
        assertThat(names(live(0).heaps())).containsExactly("heap");
        assertThat(image("one", 0)).doesNotExist();
        awaitLife(member);

        try (ArmedCapture armed = checkpointer.arm(List.of(target("one", 0, member)), CaptureMode.CLONE)) {
            assertThat(armed.capture(TIMEOUT)).hasSize(1);
            assertThat(armed.waits()).isFalse();
        }
        awaitLife(member);
        assertThat(image("one", 0).resolve("criu")).isDirectory();
    }

    @Test
    void memberThatDiesWhileItsCaptureIsArmedIsNotCaptured() throws Exception {
        Container member = startMember(0, "first");
        awaitLife(member);

        try (ArmedCapture armed = checkpointer.arm(List.of(target("one", 0, member)), CaptureMode.CLONE)) {
            destroy(List.of(member));
            assertThatThrownBy(() -> armed.capture(TIMEOUT)).isInstanceOf(OperationFailedException.class);
        }

        assertThat(image("one", 0)).doesNotExist();
        assertThat(live(0).dump()).doesNotExist();
    }

    @Test
    void memberWhoseHeapIsElsewhereIsRefused() throws Exception {
        Container container = start(0, "first", List.of("/mm/bin/mm-init", "--", "sleep", "100"));
        Awaitility.await().until(() -> proc.applicationPid(container.initPid()).isPresent());

        assertThatThrownBy(() -> capture("one", List.of(container)))
                .isInstanceOfSatisfying(
                        OperationFailedException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(FailureReason.HEAP_NOT_ON_VOLUME));
    }

    @Test
    void damageToASealedImageIsFoundAndNamed() throws Exception {
        Container member = startMember(0, "first");
        awaitLife(member);
        capture("one", List.of(member));
        String checksum = seal("one", 1).get(0);
        Path image = image("one", 0);
        Path pages = image.resolve("criu/pages-1.img");
        long size = Files.size(pages);
        images.verify(image, checksum);
        images.checkCpu(image);

        assertThatThrownBy(() -> images.verify(image, "0".repeat(64)))
                .hasFieldOrPropertyWithValue("reason", FailureReason.MANIFEST_MISMATCH);
        byte original = flip(pages, (byte) 0);
        flip(pages, (byte) (original ^ 1));
        assertThatThrownBy(() -> images.verify(image, checksum))
                .hasFieldOrPropertyWithValue("reason", FailureReason.IMAGE_CORRUPT)
                .hasMessageContaining("pages-1.img");
        flip(pages, original);
        images.verify(image, checksum);
        Files.writeString(image.resolve("criu/extra.img"), "");
        assertThatThrownBy(() -> images.verify(image, checksum))
                .hasFieldOrPropertyWithValue("reason", FailureReason.IMAGE_CORRUPT);
        Files.delete(image.resolve("criu/extra.img"));
        try (FileChannel file = FileChannel.open(pages, StandardOpenOption.WRITE)) {
            file.truncate(size - 1);
        }
        assertThatThrownBy(() -> images.verify(image, checksum))
                .hasFieldOrPropertyWithValue("reason", FailureReason.IMAGE_INCOMPLETE)
                .hasMessageContaining((size - 1) + " bytes instead of " + size);
        Files.delete(pages);
        assertThatThrownBy(() -> images.verify(image, checksum))
                .hasFieldOrPropertyWithValue("reason", FailureReason.IMAGE_INCOMPLETE)
                .hasMessageContaining("missing");
        Files.delete(image.resolve("image.json"));
        assertThatThrownBy(() -> images.verify(image, checksum))
                .hasFieldOrPropertyWithValue("reason", FailureReason.IMAGE_MISSING);
    }

    @Test
    void encryptedMemberGoesOnWhereItWasCapturedAndItsFilesAreNobodyElses() throws Exception {
        Container member = startMember(0, "first");
        awaitLife(member);
        capture("one", List.of(member));
        long countThen = count(member);
        String umask = umask(member);
        assertThatAllIsPrivate(image("one", 0));
        assertThatAllIsPrivate(WORK.resolve("pmem/live"));

        List<String> checksums = seal("one", 1, Optional.of(new ImageKeys(Optional.of(KEY)).require()));

        assertThatAllIsPrivate(image("one", 0));
        assertThat(names(image("one", 0).resolve("heap"))).allMatch(name -> name.endsWith(".enc"));
        VolumeMeter.Allocation allocated =
                new VolumeMeter(volume, new Reservations(volume)).allocation(image("one", 0));
        assertThat(allocated.shared()).isZero();
        assertThat(allocated.unique()).isGreaterThan(256L << 20);
        destroy(List.of(member));
        List<Container> second = restore("one", "second", checksums);
        awaitLife(second.get(0));
        assertThat(count(second.get(0))).isGreaterThan(countThen);
        assertThat(umask(second.get(0))).as("not that of CRIU").isEqualTo(umask).isEqualTo("0022");
        assertThatAllIsPrivate(WORK.resolve("pmem/live"));
        assertThatAllIsPrivate(WORK.resolve("logs"));
        capture("two", second);
    }

    @Test
    void nothingOfAnEncryptedImageLiesOpenWhereItCannotBePutBack() throws Exception {
        Container member = startMember(0, "first");
        awaitLife(member);
        capture("one", List.of(member));
        seal("one", 1, Optional.of(new ImageKeys(Optional.of(KEY)).require()));
        destroy(List.of(member));
        Container placeholder = start(0, "second", placeholderCommand());
        List<MaterializeTarget> targets =
                List.of(new MaterializeTarget("counter-0", placeholder.initPid(), live(0), image("one", 0)));
        Path last = image("one", 0).resolve("upper.tar.enc");
        byte original = flip(last, (byte) 0);
        flip(last, (byte) (original ^ 1));

        assertThatThrownBy(() -> materializer.materialize(targets, TIMEOUT))
                .hasFieldOrPropertyWithValue("reason", FailureReason.IMAGE_CORRUPT);

        assertThat(names(live(0).path())).containsExactly("heap");
        assertThat(names(live(0).heaps())).isEmpty();
        flip(last, original);
        materializer.materialize(targets, TIMEOUT);
        materializer.abandon(placeholder.initPid(), live(0));
        assertThat(placeholder.awaitEnd()).isEqualTo(128 + 9);
        assertThat(names(live(0).path())).doesNotContain("dump", "upper.tar");
        assertThat(names(live(0).heaps())).isEmpty();
    }

    private String umask(Container container) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process(container).pid() + "/status")).stream()
                .filter(line -> line.startsWith("Umask:"))
                .map(line -> line.substring("Umask:".length()).strip())
                .findFirst()
                .orElseThrow();
    }

    /** Files 0600, folders 0700: the application's heap and CRIU's images among them. */
    private static void assertThatAllIsPrivate(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all)
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)))
                            .as(path.toString())
                            .isEqualTo(Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void volumeThatFillsUpRefusesTheCaptureAndTheMemberRunsOn() throws Exception {
        Container member = startMember(0, "first");
        awaitLife(member);
        flusher.flush(process(member), live(0));
        Path filler = volume.root().resolve("filler");
        // CRIU's images need more than what stays free.
        long free = Files.getFileStore(volume.root()).getUsableSpace() - (4L << 20);
        Command.of("fallocate", "--length", Long.toString(free), filler.toString())
                .orFail(FailureReason.INTERNAL);
        try {
            assertThatThrownBy(() -> capture("one", List.of(member)))
                    .hasFieldOrPropertyWithValue("reason", FailureReason.VOLUME_FULL);
        } finally {
            Files.delete(filler);
        }

        awaitLife(member);
        assertThat(image("one", 0)).doesNotExist();
        assertThat(live(0).dump()).doesNotExist();
        capture("one", List.of(member));
    }

    @Test
    void stoppedMemberThatIsAbandonedEndsWithItsContainer() throws Exception {
        Container member = startMember(0, "first");
        awaitLife(member);
        assertThat(checkpointer.capture(List.of(target("one", 0, member)), CaptureMode.FULL, TIMEOUT))
                .allSatisfy(outcome -> assertThat(outcome.criuBytes()).isGreaterThan(100L << 20));
        seal("one", 1);
        destroy(List.of(member));
        Container placeholder = start(0, "second", placeholderCommand());
        materializer.materialize(
                List.of(new MaterializeTarget("counter-0", placeholder.initPid(), live(0), image("one", 0))), TIMEOUT);
        assertThat(placeholder.output()).isEmpty();

        materializer.abandon(placeholder.initPid(), live(0));

        assertThat(placeholder.awaitEnd()).isEqualTo(128 + 9);
        assertThat(live(0).dump()).doesNotExist();
    }

    private List<CaptureOutcome> capture(String snapshot, List<Container> members) throws IOException {
        List<CaptureTarget> targets = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            targets.add(target(snapshot, i, members.get(i)));
        }
        return checkpointer.capture(targets, CaptureMode.CLONE, TIMEOUT);
    }

    private CaptureTarget target(String snapshot, int ordinal, Container member) {
        return new CaptureTarget("counter-" + ordinal, process(member), live(ordinal), image(snapshot, ordinal));
    }

    private List<String> seal(String snapshot, int members) throws IOException {
        return seal(snapshot, members, Optional.empty());
    }

    private List<String> seal(String snapshot, int members, Optional<ImageCipher> cipher) throws IOException {
        List<String> checksums = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            checksums.add(images.seal(image(snapshot, i), "counter-" + i, "sha256:0", criuVersion, cipher)
                    .sha256());
        }
        return checksums;
    }

    private List<Container> restore(String snapshot, String generation, List<String> checksums) throws Exception {
        List<Container> placeholders = new ArrayList<>();
        List<MaterializeTarget> targets = new ArrayList<>();
        for (int i = 0; i < checksums.size(); i++) {
            images.verify(image(snapshot, i), checksums.get(i));
            images.checkCpu(image(snapshot, i));
            Container placeholder = start(i, generation, placeholderCommand());
            placeholders.add(placeholder);
            targets.add(new MaterializeTarget("counter-" + i, placeholder.initPid(), live(i), image(snapshot, i)));
        }
        System.out.println(materializer.materialize(targets, TIMEOUT));
        assertThat(placeholders).allMatch(placeholder -> placeholder.output().isEmpty());
        assertThat(materializer.materialize(targets, TIMEOUT)).allMatch(outcome -> outcome.micros() == 0);
        List<Long> inits = targets.stream().map(MaterializeTarget::initPid).toList();
        materializer.release(inits);
        materializer.release(inits);
        return placeholders;
    }

    private Container startMember(int ordinal, String generation) throws IOException {
        return start(ordinal, generation, command("--"));
    }

    private static List<String> placeholderCommand() {
        return command("--wait", "--");
    }

    private static List<String> command(String... init) {
        return Stream.of(
                        Stream.of("/mm/bin/mm-init"),
                        Stream.of(init),
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xms256m",
                                "-Xmx256m",
                                "-XX:+UseParallelGC",
                                "-XX:-UsePerfData",
                                "-XX:AllocateHeapAt=/mm/pmem/heap",
                                "-cp",
                                TARGET.resolve("test-classes").toString(),
                                CounterApplication.class.getName(),
                                "100"))
                .flatMap(part -> part)
                .toList();
    }

    private Container start(int ordinal, String generation, List<String> command) throws IOException {
        live(ordinal).reset();
        // On the volume, because an overlay's upper folder may not lie in its own lower one.
        Container container = Container.start(
                "mm-test-" + generation + "-" + ordinal,
                volume.root().resolve("containers"),
                TOOLBOX.folder(),
                live(ordinal),
                command);
        containers.push(container);
        return container;
    }

    private void destroy(List<Container> members) throws IOException {
        for (Container member : members) {
            containers.remove(member);
            member.close();
        }
    }

    private void awaitLife(Container container) {
        int before = container.output().size();
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> container.output().size() > before + 2);
    }

    private long count(Container container) {
        List<String> output = container.output();
        return Long.parseLong(output.get(output.size() - 1).split(" ")[1]);
    }

    private MemberProcess process(Container container) {
        try {
            return proc.application(container.initPid());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LiveFolder live(int ordinal) {
        return volume.layout().live(new MemberRef(WORKLOAD, ordinal));
    }

    private static Path image(String snapshot, int ordinal) {
        return volume.layout().image(snapshot, new MemberRef(WORKLOAD, ordinal));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    /** Replaces the first byte, and gives the one that was there. */
    private static byte flip(Path file, byte value) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer old = ByteBuffer.allocate(1);
            channel.read(old, 0);
            channel.write(ByteBuffer.wrap(new byte[] {value}), 0);
            return old.get(0);
        }
    }
}
