package io.memorymachine.platform.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.WorkloadPlatform.MemberStart;
import io.memorymachine.platform.WorkloadPlatform.Placeholder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Real containers whose application only waits, in an image without any file: needs root, runc and iproute2. */
class LocalWorkloadsTest {
    private static final WorkloadRef IDLE = new WorkloadRef("dev", "idle");

    @TempDir
    Path directory;

    private LocalPaths paths;
    private LocalWorkloads workloads;
    private LocalPlatform platform;

    @BeforeEach
    void prepare() {
        paths = LocalPaths.of(directory.resolve("run"));
        workloads = new LocalWorkloads(paths, Clock.systemUTC());
        platform = new LocalPlatform(paths, Clock.systemUTC());
    }

    @AfterEach
    void removeAll() {
        new LocalRuntime(paths).removeAll();
        assertThat(new LocalRuntime(paths).leftovers()).isEmpty();
    }

    @Test
    void aRecreatedMemberIsAnotherIncarnationWithAnotherAddress() throws Exception {
        MemberPlacement before = workloads.create(spec(1)).get(0);
        HostProcess application = HostProcess.of(platform.initPid(before)).orElseThrow();

        MemberPlacement after = platform.recreate(IDLE, "r-1", MemberStart.PLACEHOLDER)
                .members()
                .get(0);

        assertThat(application.isAlive()).isFalse();
        assertThat(after.address()).isNotEqualTo(before.address());
        assertThat(after.dnsName()).isEqualTo(before.dnsName());
        assertThatThrownBy(() -> platform.initPid(before))
                .isInstanceOfSatisfying(
                        OperationFailedException.class,
                        e -> assertThat(e.reason()).isEqualTo(FailureReason.MEMBER_CHANGED));
        assertThat(platform.members()).containsExactly(after);
    }

    @Test
    void theSameOperationRecreatesOnlyWhatItHasNotYet() throws Exception {
        workloads.create(spec(2));
        List<MemberPlacement> first =
                platform.recreate(IDLE, "r-1", MemberStart.PLACEHOLDER).members();
        kill(first.get(1));

        List<MemberPlacement> again =
                platform.recreate(IDLE, "r-1", MemberStart.PLACEHOLDER).members();

        assertThat(again.get(0)).isEqualTo(first.get(0));
        assertThat(again.get(1).incarnation()).isNotEqualTo(first.get(1).incarnation());
        assertThat(platform.unresolvedNames(IDLE, again)).isEmpty();
    }

    @Test
    void aPlaceholderIsSeenWithItsOperationAndStartedAfreshWithoutTheOthers() throws Exception {
        workloads.create(spec(2));
        assertThat(platform.placeholders()).isEmpty();
        List<MemberPlacement> waiting =
                platform.recreate(IDLE, "r-1", MemberStart.PLACEHOLDER).members();
        assertThat(platform.placeholders())
                .containsExactly(new Placeholder(waiting.get(0), "r-1"), new Placeholder(waiting.get(1), "r-1"));

        platform.startAfresh(IDLE, List.of(waiting.get(1)), "r-2");
        platform.startAfresh(IDLE, List.of(waiting.get(1)), "r-3");

        assertThat(platform.placeholders()).containsExactly(new Placeholder(waiting.get(0), "r-1"));
        List<MemberPlacement> now = platform.find(IDLE).members();
        assertThat(now.get(0)).isEqualTo(waiting.get(0));
        assertThat(now.get(1)).isNotEqualTo(waiting.get(1));
        assertThat(new StateFiles(paths).members(spec(2)).get(1).operation()).isEqualTo("r-2");
    }

    @Test
    void aMemberThatEndedIsDownAndHidesNothing() throws Exception {
        List<MemberPlacement> members = workloads.create(spec(2));

        kill(members.get(0));

        assertThatThrownBy(() -> platform.initPid(members.get(0)))
                .isInstanceOfSatisfying(
                        OperationFailedException.class,
                        e -> assertThat(e.reason()).isEqualTo(FailureReason.MEMBER_DOWN));
        assertThat(platform.find(IDLE).members()).containsExactly(members.get(1));
        assertThat(platform.find(IDLE).replicas()).isEqualTo(2);
    }

    @Test
    void whatWasLeftHalfMadeIsMadeAnew() throws Exception {
        List<MemberPlacement> members = workloads.create(spec(2));
        // As after a death between the start of the containers and the completion of the records.
        StateFiles files = new StateFiles(paths);
        for (MemberRecord record : files.members(spec(2))) {
            files.write(
                    IDLE,
                    MemberRecord.intended(record.ordinal(), record.container(), record.address(), "r-1", false, null));
        }

        List<MemberPlacement> repaired =
                platform.recreate(IDLE, "r-1", MemberStart.APPLICATION).members();

        assertThat(repaired).hasSize(2).doesNotContainAnyElementsOf(members);
        assertThat(StateFiles.children(paths.runc())).hasSize(2);
    }

    @Test
    void aFailureToStartSaysWhyAndTheNextCallRepairs() throws Exception {
        workloads.create(spec(2));
        Path log = paths.root().resolve("logs/dev.idle-1.log");
        Files.delete(log);
        Files.createDirectory(log);

        assertThatThrownBy(() -> platform.recreate(IDLE, "r-1", MemberStart.PLACEHOLDER))
                .isInstanceOfSatisfying(
                        OperationFailedException.class,
                        e -> assertThat(e.reason()).isEqualTo(FailureReason.RECREATE_FAILED))
                .hasMessageContaining("dev/idle-1");
        Files.delete(log);

        assertThat(platform.recreate(IDLE, "r-1", MemberStart.PLACEHOLDER).members())
                .hasSize(2);
    }

    @Test
    void everythingIsRemovedByWhoKnowsTheDirectoryOnly() throws Exception {
        workloads.create(spec(2));
        List<HostProcess> inits = new StateFiles(paths)
                .members(spec(2)).stream().map(MemberRecord::init).toList();
        // The records are lost.
        StateFiles.deleteTree(paths.workload(IDLE).resolve("workload.json"));
        StateFiles.deleteTree(paths.workload(IDLE).resolve("member-0.json"));
        assertThat(new LocalRuntime(paths).leftovers()).isNotEmpty();

        new LocalRuntime(paths).removeAll();

        assertThat(inits).noneMatch(HostProcess::isAlive);
        assertThat(paths.local()).doesNotExist();
    }

    @Test
    void aWorkloadThatWouldShareNamesIsRefused() throws Exception {
        workloads.create(spec(1));
        WorkloadRef other = new WorkloadRef("test", "idle");

        assertThatThrownBy(() -> workloads.create(spec(other, 1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAdoptedProcessStandsForAMemberForAsLongAsItRuns() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        try {
            HostProcess adopted = HostProcess.of(process.pid()).orElseThrow();
            workloads.adopt(spec(1), adopted);

            assertThat(platform.find(IDLE).members()).singleElement().satisfies(member -> {
                assertThat(member.dnsName()).isEqualTo("idle-0.idle");
                assertThat(platform.initPid(member)).isEqualTo(process.pid());
            });
            assertThatThrownBy(() -> workloads.adopt(spec(2), adopted)).isInstanceOf(IllegalArgumentException.class);
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(platform.find(IDLE).members()).isEmpty();
    }

    private void kill(MemberPlacement member) {
        HostProcess init = HostProcess.of(platform.initPid(member)).orElseThrow();
        init.kill();
        assertThat(init.awaitEnd(Duration.ofSeconds(10))).isTrue();
    }

    private WorkloadSpec spec(int replicas) throws IOException {
        return spec(IDLE, replicas);
    }

    private WorkloadSpec spec(WorkloadRef ref, int replicas) throws IOException {
        return new WorkloadSpec(
                ref,
                ref.name(),
                replicas,
                Files.createDirectories(directory.resolve("image")),
                "sha256:0",
                List.of("/mm/bin/mm-init", "--wait"),
                Map.of(),
                Files.createDirectories(directory.resolve("pmem")),
                Path.of(System.getProperty("mm.bin")).toAbsolutePath().normalize(),
                64 << 20,
                0);
    }
}
