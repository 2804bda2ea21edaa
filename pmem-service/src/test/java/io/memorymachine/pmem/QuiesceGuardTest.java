package io.memorymachine.pmem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.pmem.PmemCommand;
import io.memorymachine.contract.pmem.PmemCommand.CaptureMembers;
import io.memorymachine.contract.pmem.PmemCommand.DiscardImages;
import io.memorymachine.contract.pmem.PmemCommand.GuardQuiesce;
import io.memorymachine.contract.pmem.PmemCommand.ReleaseMembers;
import io.memorymachine.contract.pmem.PmemCommand.SealImages;
import io.memorymachine.contract.pmem.PmemCommand.UnguardQuiesce;
import io.memorymachine.contract.pmem.PmemReply.QuiesceGuarded;
import io.memorymachine.contract.pmem.PmemReply.QuiesceUnguarded;
import io.memorymachine.contract.pmem.QuiesceGuard;
import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.pmem.fakes.FakeApplication;
import io.memorymachine.pmem.fakes.FakeCriu;
import io.memorymachine.pmem.fakes.FakeNode;
import io.memorymachine.pmem.runtime.PrivateFiles;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.testing.TestParticipants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A node brings an application back from its rest when nobody else does, and only then. */
@RealBacking
class QuiesceGuardTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String NODE = "node-a";
    private static final String STATE = "NO_MIGRATION";
    private static final String PASSIVE = "PASSIVE";
    private static final Duration SOON = Duration.ofMillis(700);
    private static final Duration LATE = Duration.ofMinutes(5);

    @Inject
    FakeNode node;

    @Inject
    FakeCriu criu;

    @Inject
    FakeApplication application;

    @Inject
    ObjectMapper json;

    @ConfigProperty(name = "mm.pmem.volume")
    Path volume;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private final String operation = UUID.randomUUID().toString();
    private final WorkloadRef workload = new WorkloadRef("demo", "guarded" + NUMBER.incrementAndGet());
    private TestParticipants orchestrator;
    private List<MemberPlacement> members;

    @BeforeEach
    void set() {
        node.clear();
        criu.meets(null);
        members = node.runs(workload, 2, 1 << 20);
        application.is(workload, PASSIVE, members);
        orchestrator = new TestParticipants(broker, json, List.of(), command -> null);
    }

    @AfterEach
    void close() throws IOException {
        orchestrator.close();
        for (String folder : List.of("guards", "snapshots", "reservations")) {
            Trees.remove(volume.resolve(folder));
        }
    }

    private Reply done(String step, PmemCommand command) {
        String key = UUID.randomUUID() + "/" + step + "/" + NODE;
        orchestrator.ask(Topics.PMEM_COMMANDS, key, command, Topics.SNAPSHOT_REPLIES);
        return await().until(() -> orchestrator.repliesTo(key), all -> all.size() == 1)
                .get(0);
    }

    private QuiesceGuard guard(Duration longest) {
        return new QuiesceGuard(new ProfileSettings(FakeApplication.NAME, true, longest), STATE, members);
    }

    private List<String> guards() throws IOException {
        try (Stream<Path> all = Files.list(volume.resolve("guards"))) {
            // Not what is just being written beside its place.
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(PrivateFiles.UNFINISHED))
                    .toList();
        }
    }

    private void awaitState(String state) {
        await().atMost(Duration.ofSeconds(60)).until(() -> application.state(workload), state::equals);
    }

    @Test
    void anApplicationThatNobodyResumesIsBroughtBackToItsState() throws IOException {
        Instant before = Instant.now();

        Reply reply = done("guard", new GuardQuiesce(NODE, operation, guard(SOON)));

        assertThat(reply)
                .isInstanceOfSatisfying(
                        QuiesceGuarded.class,
                        guarded -> assertThat(guarded.until())
                                .isBetween(before.plus(SOON), Instant.now().plus(SOON)));
        awaitState(STATE);
        assertThat(Instant.now()).isAfterOrEqualTo(((QuiesceGuarded) reply).until());
        assertThat(guards()).as("it looks once more").containsExactly(operation);
    }

    @Test
    void whoeverBroughtItToRestWhenTheTimeRanOutIsUndoneToo() {
        done("guard", new GuardQuiesce(NODE, operation, guard(SOON)));
        awaitState(STATE);

        application.is(workload, PASSIVE, members);

        await().atMost(Duration.ofSeconds(60)).until(() -> application.state(workload), STATE::equals);
        await().atMost(Duration.ofSeconds(60)).until(this::guards, List::isEmpty);
    }

    @Test
    void aSealedSnapshotIsGuardedNoLonger() throws IOException {
        done("guard", new GuardQuiesce(NODE, operation, guard(LATE)));
        done("capture", new CaptureMembers(NODE, operation, members));
        assertThat(guards()).containsExactly(operation);

        done("seal", new SealImages(NODE, operation, members, false));

        assertThat(guards()).isEmpty();
    }

    @Test
    void aSnapshotThatIsUndoneStaysGuarded() throws IOException {
        done("guard", new GuardQuiesce(NODE, operation, guard(LATE)));

        done("discard", new DiscardImages(NODE, operation));

        assertThat(guards()).as("nobody knows whether it could be resumed").containsExactly(operation);
    }

    @Test
    void anotherOperationOnTheWorkloadTakesTheGuardOver() throws IOException {
        String next = UUID.randomUUID().toString();
        done("guard", new GuardQuiesce(NODE, operation, guard(LATE)));

        done("guard", new GuardQuiesce(NODE, next, guard(LATE)));

        assertThat(guards()).containsExactly(next);
    }

    @Test
    void restoredMembersAreBroughtBackWhenTheyAreWholeAndNotBefore() {
        application.isWhole(workload, false);
        done("release", new ReleaseMembers(NODE, operation, members, guard(SOON)));
        await().pollDelay(Duration.ofSeconds(2)).until(() -> application.state(workload), PASSIVE::equals);

        application.isWhole(workload, true);

        awaitState(STATE);
    }

    @Test
    void aGuardThatIsTakenAwayLeavesTheApplicationAlone() throws IOException {
        done("release", new ReleaseMembers(NODE, operation, members, guard(LATE)));

        assertThat(done("unguard", new UnguardQuiesce(NODE, operation)))
                .isEqualTo(new QuiesceUnguarded(NODE, operation));
        assertThat(done("unguard", new UnguardQuiesce(NODE, operation)))
                .as("and again")
                .isEqualTo(new QuiesceUnguarded(NODE, operation));

        assertThat(guards()).isEmpty();
    }

    @Test
    void aMemberThatWasReplacedIsReachedWhereItIsNow() {
        done("guard", new GuardQuiesce(NODE, operation, guard(SOON)));
        node.clear();
        application.is(workload, PASSIVE, node.runs(workload, 2, 1 << 20));

        awaitState(STATE);
    }

    @Test
    void theGuardOfMembersThatAreGoneEnds() {
        done("guard", new GuardQuiesce(NODE, operation, guard(SOON)));
        application.is(workload, PASSIVE, List.of());
        node.clear();

        await().atMost(Duration.ofSeconds(60)).until(this::guards, List::isEmpty);
    }

    @Test
    void nobodyElseCanReadAGuard() throws IOException {
        done("guard", new GuardQuiesce(NODE, operation, guard(LATE)));

        Path guards = volume.resolve("guards");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(guards)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(guards.resolve(operation))))
                .isEqualTo("rw-------");
    }
}
