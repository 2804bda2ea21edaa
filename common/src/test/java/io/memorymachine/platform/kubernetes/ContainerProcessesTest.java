package io.memorymachine.platform.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Members' processes are found by their cgroups, whichever way the kubelet names these. */
class ContainerProcessesTest {
    private static final String UID = "1f7a93d2-5d4f-4f0e-9d5c-0a4a5f9a1c02";
    private static final String ID = "6c0e3a4b".repeat(8);
    private static final Incarnation MEMBER = new Incarnation(UID, ID);

    @TempDir
    Path proc;

    private ContainerProcesses processes;

    @BeforeEach
    void processes() throws IOException {
        processes = new ContainerProcesses(proc);
        Files.createDirectories(proc.resolve("self"));
        process(1, "0::/init.scope", "1");
        process(77, "0::/system.slice/containerd.service", "77");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // version 1, cgroupfs, each quality of service
                "11:memory:/kubepods/burstable/podUID/ID",
                "11:memory:/kubepods/besteffort/podUID/ID",
                "11:memory:/kubepods/podUID/ID",
                // version 1, systemd
                "4:cpu,cpuacct:/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID_.slice/cri-containerd-ID.scope",
                "1:name=systemd:/kubepods.slice/kubepods-podUID_.slice/crio-ID.scope",
                // version 2
                "0::/kubepods/burstable/podUID/ID",
                "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podUID_.slice/cri-containerd-ID.scope",
                "0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-podUID_.slice/docker-ID.scope",
                // CRI-O keeps the processes in a cgroup below
                "0::/kubepods.slice/kubepods-podUID_.slice/crio-ID.scope/container",
                // seen from another cgroup namespace
                "0::/../../kubepods-burstable-podUID_.slice/cri-containerd-ID.scope",
            })
    void theFirstProcessOfAContainerIsFound(String cgroup) throws IOException {
        String line = cgroup.replace("UID_", UID.replace('-', '_'))
                .replace("UID", UID)
                .replace("ID", ID);
        process(4711, "12:pids:/\n" + line, "4711\t1");
        process(4712, "12:pids:/\n" + line, "4712\t7");

        assertThat(processes.init(MEMBER)).hasValue(4711);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // another container of the pod, another pod, the pod itself
                "0::/kubepods/podUID/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "0::/kubepods/pod1f7a93d2-0000-0000-0000-0a4a5f9a1c02/ID",
                "0::/kubepods/podUID",
                "0::/user.slice/ID",
                "",
            })
    void othersAreNot(String cgroup) throws IOException {
        process(4711, cgroup.replace("podUID", "pod" + UID).replaceAll("/ID$", "/" + ID), "4711\t1");

        assertThat(processes.init(MEMBER)).isEmpty();
    }

    @Test
    void aProcessThatHasJustEndedIsNone() throws IOException {
        Files.createDirectories(proc.resolve("4711"));

        assertThat(processes.init(MEMBER)).isEmpty();
    }

    private void process(long pid, String cgroup, String namespacePids) throws IOException {
        Path folder = Files.createDirectories(proc.resolve(Long.toString(pid)));
        Files.writeString(folder.resolve("cgroup"), cgroup + "\n");
        Files.writeString(folder.resolve("status"), "Name:\tmm-init\nNSpid:\t" + namespacePids + "\nThreads:\t1\n");
    }
}
