package io.memorymachine.snapshot;

import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import io.restassured.path.json.JsonPath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.pmem.PmemCommand.ReserveSpace;
import io.memorymachine.contract.pmem.PmemCommand.SealImages;
import io.memorymachine.contract.snapshot.SnapshotFact;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.snapshot.fakes.FakeCluster;
import io.memorymachine.snapshot.fakes.FakeCluster.Fault;
import io.memorymachine.snapshot.fakes.FakeCluster.Holding;
import io.memorymachine.testing.TestParticipants;

import static io.memorymachine.snapshot.Scene.STATE;
import static io.memorymachine.snapshot.Scene.problem;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

@RealBacking
class SnapshotFlowTest {
    private static final Failure BROKEN = new Failure(FailureReason.CRIU_FAILED, "criu: pid 7 vanished");

    @Inject
    Scene.Stage stage;

    @Inject
    TestParticipants participants;

    private Scene scene;

    @BeforeEach
    void set() {
        scene = stage.set();
    }

    @Test
    void aSnapshotIsTakenAndSealedWhileTheClusterIsPassive() {
        JsonPath view = scene.take();

        assertThat(view.getString("phase")).isEqualTo("sealed");
        assertThat(view.getList("steps.name"))
                .containsExactly(
                        "find-members",
                        "authorize",
                        "reserve",
                        "prepare",
                        "guard",
                        "quiesce",
                        "capture",
                        "resume",
                        "seal",
                        "return-license-at-end");
        assertThat(view.getList("steps.status")).containsOnly("finished");
        assertThat(view.getList("members.pod"))
                .containsExactly(
                        scene.workload.name() + "-0", scene.workload.name() + "-1", scene.workload.name() + "-2");
        assertThat(view.getList("members.frozenMicros")).containsExactly(150_000, 150_000, 150_000);
        assertThat(view.getLong("totalBytes")).isEqualTo(1800);
        assertThat(view.getLong("uniqueBytes")).isEqualTo(300);
        assertThat(view.getString("captureMode")).isEqualTo("clone");
        assertThat(view.getLong("pausedMicros")).isPositive();
        assertThat(scene.cluster.states()).containsExactly(STATE, FakeCluster.PASSIVE, STATE);
        assertThat(scene.cluster.held(view.getString("id")))
                .isEqualTo(Map.of("node-a", Holding.SEALED, "node-b", Holding.SEALED));
        assertThatTheWorkloadIsFree();
        await().untilAsserted(() -> assertThat(participants.milestones(view.getString("id")))
                .extracting(Object::getClass)
                .isEqualTo(List.of(
                        SnapshotFact.Requested.class,
                        SnapshotFact.Quiesced.class,
                        SnapshotFact.Captured.class,
                        SnapshotFact.Resumed.class,
                        SnapshotFact.Completed.class)));
    }

    @Test
    void withoutPauseTheClusterStaysInItsState() {
        Scene.post(scene.request("profileOptions", "--nopause")).statusCode(202).body("pause", equalTo(false));

        assertThat(Scene.awaitEnd(scene.name).getString("phase")).isEqualTo("sealed");
        assertThat(scene.cluster.states()).containsExactly(STATE);
        assertThat(scene.number("select count(*) from quiesce_lease where members like '%" + scene.workload.name()
                        + "-first-%'"))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorize", "reserve", "prepare", "guard", "capture", "seal"})
    void aStepThatIsRefusedLeavesNothingAndTheNameIsFree(String step) {
        participants.refuse(step, BROKEN);

        JsonPath view = scene.take();

        assertThat(view.getString("phase")).isEqualTo("failed");
        assertThat(view.getString("failure.reason")).isEqualTo("CRIU_FAILED");
        assertThat(view.getString("failure.message")).isEqualTo("criu: pid 7 vanished");
        assertThatNothingIsLeft();
        await().untilAsserted(() -> assertThat(participants.milestones(view.getString("id")))
                .last()
                .isInstanceOf(SnapshotFact.Failed.class));

        participants.behave();
        assertThat(scene.sealed().getString("id")).isNotEqualTo(view.getString("id"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nodesEncryptWhatIsToBeEncryptedAndNothingElse(boolean encrypt) {
        Scene.post(scene.request("encrypt", encrypt)).statusCode(202).body("encrypted", equalTo(encrypt));

        JsonPath view = Scene.awaitEnd(scene.name);

        assertThat(view.getString("phase")).isEqualTo("sealed");
        assertThat(view.getBoolean("encrypted")).isEqualTo(encrypt);
        List<Command> commands = participants.commands(view.getString("id"));
        assertThat(commands)
                .filteredOn(ReserveSpace.class::isInstance)
                .hasSize(2)
                .allMatch(reserve -> ((ReserveSpace) reserve).encrypted() == encrypt);
        assertThat(commands)
                .filteredOn(SealImages.class::isInstance)
                .hasSize(2)
                .allMatch(seal -> ((SealImages) seal).encrypted() == encrypt);
    }

    @Test
    void whatIsNotAskedForIsNotEncrypted() {
        assertThat(scene.sealed().getBoolean("encrypted")).isFalse();
    }

    @Test
    void aClusterThatRefusesToPauseIsNeverCaptured() {
        scene.cluster.quiesceMeets(Fault.REFUSE);

        JsonPath view = scene.take();

        assertThat(view.getString("failure.reason")).isEqualTo("QUIESCE_FAILED");
        assertThat(view.getList("steps.name")).doesNotContain("capture").containsSubsequence("quiesce", "resume-first");
        assertThatNothingIsLeft();
    }

    @Test
    void aClusterThatWasMadePassiveByWhoeverDiedIsResumedFirst() {
        scene.cluster.quiesceMeets(Fault.CRASH_AFTERWARDS);

        JsonPath view = scene.take();

        assertThat(view.getString("phase")).isEqualTo("failed");
        assertThat(scene.cluster.states()).containsExactly(STATE, FakeCluster.PASSIVE, STATE);
        assertThatNothingIsLeft();
    }

    @Test
    void aResumeThatFailsForNowIsTriedAgain() {
        scene.cluster.refusesToResume(2);

        JsonPath view = scene.take();

        assertThat(view.getString("phase")).isEqualTo("sealed");
        assertThat(view.getInt("steps.find { it.name == 'resume' }.attempts")).isEqualTo(3);
        assertThat(scene.cluster.state()).isEqualTo(STATE);
    }

    @Test
    void aClusterWhoseCaptureNeverEndsIsResumedWhenItsLeaseHasRunOut() {
        participants.staySilentAt("capture");
        Scene.post(scene.request("maxPause", "PT1S")).statusCode(202);
        await().until(() -> participants.isAskedAt("capture"));
        scene.cluster.refusesToResume(1);

        await().untilAsserted(
                        () -> assertThat(scene.cluster.states()).containsExactly(STATE, FakeCluster.PASSIVE, STATE));
        assertThat(Scene.show(scene.name).getString("phase"))
                .as("the saga knows nothing of it yet")
                .isEqualTo("running");
        participants.speakAt("capture");

        JsonPath view = Scene.awaitEnd(scene.name);
        assertThat(view.getString("phase")).isEqualTo("failed");
        assertThat(view.getString("failure.reason")).isEqualTo("QUIESCE_LEASE_EXPIRED");
        assertThat(scene.cluster.states()).containsExactly(STATE, FakeCluster.PASSIVE, STATE);
        assertThatNothingIsLeft();
    }

    @Test
    void aCaptureThatEndsBehindItsLeaseIsThrownAwayThoughNobodyHasResumedTheClusterYet() {
        participants.staySilentAt("capture");
        Scene.post(scene.request("maxPause", "PT1S")).statusCode(202);
        await().until(() -> participants.isAskedAt("capture"));
        scene.cluster.refusesToResume(3);
        await().until(() -> scene.number(
                        "select count(*) from quiesce_lease where resumed_at is null" + " and lease_until <= now()")
                > 0);
        participants.speakAt("capture");

        assertThat(Scene.awaitEnd(scene.name).getString("failure.reason")).isEqualTo("QUIESCE_LEASE_EXPIRED");
        assertThatNothingIsLeft();
    }

    @Test
    void aClusterThatTakesLongerToPauseThanItMayRestIsResumed() {
        scene.cluster.whileItIsMadePassive(() -> await().until(() -> leasesResumed() == 1));
        Scene.post(scene.request("maxPause", "PT2S")).statusCode(202);

        JsonPath view = Scene.awaitEnd(scene.name);

        assertThat(view.getString("failure.reason")).isEqualTo("QUIESCE_LEASE_EXPIRED");
        await().untilAsserted(() -> assertThat(scene.cluster.state()).isEqualTo(STATE));
        assertThat(scene.cluster.states()).containsExactly(STATE, FakeCluster.PASSIVE, STATE);
        await().untilAsserted(() -> assertThat(leasesResumed()).isEqualTo(1));
        assertThatNothingIsLeft();
    }

    @Test
    void aClusterThatMayRestForTooShortATimeIsNotTouched() {
        Scene.post(scene.request("maxPause", "PT0.000001S")).statusCode(202);

        assertThat(Scene.awaitEnd(scene.name).getString("failure.reason")).isEqualTo("QUIESCE_LEASE_EXPIRED");
        assertThat(scene.cluster.states()).containsExactly(STATE);
        assertThatNothingIsLeft();
    }

    private long leasesResumed() {
        return scene.number("select count(*) from quiesce_lease where resumed_at is not null and members like '%"
                + scene.workload.name() + "-first-%'");
    }

    @Test
    void aLeaseThatOnlyTheDatabaseRemembersIsKept() {
        participants.staySilentAt("capture");
        Scene.post(scene.request()).statusCode(202);
        await().until(() -> participants.isAskedAt("capture"));
        assertThat(scene.cluster.state()).isEqualTo(FakeCluster.PASSIVE);

        // As if everybody had been away for the length of the lease.
        scene.change("update quiesce_lease set lease_until = now() - interval '1 hour' where resumed_at is null");

        await().untilAsserted(() -> assertThat(scene.cluster.state()).isEqualTo(STATE));
        Scene.cancel(scene.name).statusCode(202);
        Scene.awaitPhase(scene.name, "cancelled");
        assertThatNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorize", "reserve", "prepare", "guard", "capture", "seal", "return-license-at-end"})
    void aSnapshotIsCancelledAtAnyStepAndALateReplyChangesNothing(String step) {
        participants.staySilentAt(step);
        Scene.post(scene.request()).statusCode(202);
        await().until(() -> participants.isAskedAt(step));

        Scene.cancel(scene.name).statusCode(202);
        if (step.startsWith("return-license")) {
            participants.behave();
        }
        JsonPath view = Scene.awaitEnd(scene.name);

        assertThat(view.getString("phase")).isEqualTo("cancelled");
        assertThat(view.getString("failure.message")).isEqualTo("Cancelled during step " + step);
        assertThatNothingIsLeft();
        Scene.cancel(scene.name).statusCode(202);
    }

    @Test
    void whatIsSealedOrHasFailedCannotBeCancelled() {
        scene.sealed();
        problem(Scene.cancel(scene.name), 409, "NOT_CANCELLABLE")
                .body("detail", equalTo("Snapshot " + scene.name + " is not being taken any more"));

        scene = stage.set();
        participants.refuse("reserve", BROKEN);
        scene.take();
        problem(Scene.cancel(scene.name), 409, "NOT_CANCELLABLE")
                .body("detail", equalTo("Snapshot " + scene.name + " has failed and was undone"));
    }

    @Test
    void operationsOnOtherWorkloadsRunSideBySide() {
        participants.staySilentAt("capture");
        Scene.post(scene.request()).statusCode(202);
        await().until(() -> participants.isAskedAt("capture"));
        Scene other = stage.another();

        Scene.post(other.request("profile", "none")).statusCode(202);

        assertThat(Scene.awaitStep(other.name, "capture").getString("phase")).isEqualTo("running");
        participants.speakAt("capture");
        Scene.awaitPhase(scene.name, "sealed");
    }

    @Test
    void messagesThatAreNoneGoToTheDeadLettersAndHoldUpNothing() {
        long before = participants.deadLetters();
        participants.sendGarbage(Topics.SNAPSHOT_COMMANDS);
        participants.sendGarbage(Topics.SNAPSHOT_REPLIES);
        participants.sendGarbage(Topics.EVENTS);

        assertThat(scene.take().getString("phase")).isEqualTo("sealed");
        await().untilAsserted(() -> assertThat(participants.deadLetters()).isGreaterThanOrEqualTo(before + 3));
        when().get("/q/health").then().statusCode(200);
    }

    private void assertThatNothingIsLeft() {
        await().untilAsserted(() -> {
            assertThat(scene.cluster.holdsNothing()).isTrue();
            assertThat(scene.cluster.state()).isEqualTo(STATE);
        });
        assertThatTheWorkloadIsFree();
    }

    private void assertThatTheWorkloadIsFree() {
        assertThat(scene.number("select count(*) from workload_lock where workload = '" + scene.workload.name() + "'"))
                .isZero();
        await().untilAsserted(() ->
                assertThat(scene.number("select count(*) from outbox")).isZero());
    }
}
