package io.memorymachine.pmem.member;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A runtime (7) has made a container whose init (8) runs an application (9). */
class ProcFsTest {
    private static final Path UPPER = Path.of("/var/lib/containerd/snapshots/55/fs");

    @TempDir
    private Path proc;

    @BeforeEach
    void containerRuns() throws IOException {
        stat(8, 7, 8);
        stat(9, 8, 9);
        write("8/task/8/children", "9 ");
        write("9/status", "NSpid:\t9\t2\n");
        write("9/maps", "");
        write("9/mountinfo", "1 2 0:5 / / rw - overlay overlay rw,lowerdir=/l,upperdir=" + UPPER + ",workdir=/w\n");
        link("9/fd/1", "pipe:[1]");
        link("9/fd/2", "pipe:[2]");
        link("self/ns/mnt", "mnt:[1]");
    }

    @Test
    void whoHasTheRuntimesMountsSeesTheContainersLayerWhereItIs() throws IOException {
        link("7/ns/mnt", "mnt:[1]");

        assertThat(new ProcFs(proc).application(8).upper()).contains(UPPER);
    }

    @Test
    void whoRunsInAContainerSeesItThroughTheRuntimesRoot() throws IOException {
        link("7/ns/mnt", "mnt:[2]");

        assertThat(new ProcFs(proc).application(8).upper()).contains(Path.of(proc + "/7/root" + UPPER));
    }

    @Test
    void aRuntimeWhoseMountsAreHiddenIsTakenToHaveOurs() {
        assertThat(new ProcFs(proc).application(8).upper()).contains(UPPER);
    }

    private void stat(int pid, int parent, int session) throws IOException {
        write(pid + "/stat", pid + " (a) S " + parent + " 0 " + session + " 0".repeat(15) + " 77 0 0\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void link(String file, String target) throws IOException {
        Path path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.createSymbolicLink(path, Path.of(target));
    }
}
