package io.memorymachine.pmem.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.memorymachine.pmem.member.MemberProcess;
import io.memorymachine.pmem.member.ProcFs;
import io.memorymachine.pmem.runtime.Command;

import static org.assertj.core.api.Assertions.assertThat;

/** A draft is kept only where the files are still those that it was made of. */
class UpperDraftTest {
    private static final long PID = ProcessHandle.current().pid();

    @TempDir
    Path folder;

    private Path upper;
    private Path archive;
    private ProcFs proc;

    @BeforeEach
    void set() throws IOException {
        upper = Files.createDirectories(folder.resolve("upper"));
        archive = folder.resolve("upper.tar");
        proc = new ProcFs(folder.resolve("proc"));
        Files.createDirectories(folder.resolve("proc").resolve(Long.toString(PID)));
        maps("");
        Files.writeString(Files.createDirectory(upper.resolve("etc")).resolve("app.conf"), "as it was");
        Files.writeString(upper.resolve("journal"), "one");
        settle();
    }

    @Test
    void whereNothingChangesTheDraftIsKept() throws IOException {
        UpperDraft draft = make();
        Object made = Files.getAttribute(archive, "unix:ctime");

        draft.finish();

        assertThat(Files.getAttribute(archive, "unix:ctime")).isEqualTo(made);
        assertThat(content("journal")).isEqualTo("one");
    }

    @ParameterizedTest
    @EnumSource
    void whereSomethingChangesItIsMadeAnew(Change change) throws IOException {
        UpperDraft draft = make();
        FileTime journal = Files.getLastModifiedTime(upper.resolve("journal"));

        switch (change) {
            // Of the same length, and with the time put back.
            case CONTENT -> {
                Files.writeString(upper.resolve("journal"), "two");
                Files.setLastModifiedTime(upper.resolve("journal"), journal);
            }
            case MODE ->
                Files.setPosixFilePermissions(upper.resolve("journal"), PosixFilePermissions.fromString("rwx------"));
            case ADDITION -> Files.writeString(upper.resolve("etc/other.conf"), "new");
            case REMOVAL -> Files.delete(upper.resolve("etc/app.conf"));
            default -> maps("7f0000000000-7f0000001000 rw-s 00000000 00:2f 77 /data/journal\n");
        }
        Object made = Files.getAttribute(archive, "unix:ctime");
        draft.finish();

        assertThat(Files.getAttribute(archive, "unix:ctime")).isNotEqualTo(made);
        assertThat(content("journal")).isEqualTo(change == Change.CONTENT ? "two" : "one");
        assertThat(list().contains("other.conf")).isEqualTo(change == Change.ADDITION);
        assertThat(list().contains("app.conf")).isEqualTo(change != Change.REMOVAL);
    }

    @Test
    void whatChangedJustNowIsNotDrafted() throws IOException {
        Files.writeString(upper.resolve("journal"), "two");

        UpperDraft draft = make();
        assertThat(archive).doesNotExist();
        draft.finish();

        assertThat(content("journal")).isEqualTo("two");
    }

    private UpperDraft make() throws IOException {
        return UpperDraft.make(
                new MemberProcess(PID, PID, PID, 1, Optional.empty(), Optional.of(upper), "", ""), proc, archive);
    }

    private void maps(String lines) throws IOException {
        Files.writeString(folder.resolve("proc").resolve(Long.toString(PID)).resolve("maps"), lines);
    }

    /** Until what was written is older than a tick of the clock that stamps files. */
    private void settle() {
        Instant enough = Instant.now().plus(Duration.ofMillis(50));
        Awaitility.await().until(() -> Instant.now().isAfter(enough));
    }

    private String content(String file) {
        return Command.of("tar", "--extract", "--to-stdout", "--file=" + archive, "./" + file)
                .run()
                .output();
    }

    private String list() {
        return Command.of("tar", "--list", "--file=" + archive).run().output();
    }

    private enum Change {
        CONTENT,
        MODE,
        ADDITION,
        REMOVAL,
        MAPPING
    }
}
