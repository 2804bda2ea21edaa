package io.memorymachine.restore;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.restassured.path.json.JsonPath;
import io.vertx.mutiny.sqlclient.Pool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.restore.RestoreCommand.RequestRestore;
import io.memorymachine.contract.restore.RestoreFact;
import io.memorymachine.contract.restore.RestoreReply.RestoreDone;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.restore.fakes.FakeCluster;
import io.memorymachine.restore.fakes.FakeCluster.Fault;
import io.memorymachine.restore.fakes.FakeParticipants;
import io.memorymachine.restore.fakes.FakeSnapshots;

import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@RealBacking
class RestoreFlowTest {
    private static final Failure BROKEN = new Failure(FailureReason.MATERIALIZE_FAILED, "CRIU: pid 7 is taken");

    @Inject
    Scene.Stage stage;

    @Inject
    FakeParticipants participants;

    @Inject
    FakeSnapshots snapshots;

    @Inject
    Pool pool;

    private Scene scene;

    @BeforeEach
    void set() {
        Awaitility.setDefaultTimeout(Scene.LONGEST);
        scene = stage.set();
    }

    @Test
    void aClusterComesBackFromItsSnapshot() {
        List<String> before = scene.cluster.addresses();

        JsonPath view = scene.restore(true);

        assertThat(view.getString("phase")).isEqualTo("completed");
        assertThat(scene.cluster.contents()).containsExactly(scene.captured, scene.captured, scene.captured);
        assertThat(view.getList("members.pod"))
                .containsExactly(
                        scene.workload.name() + "-0", scene.workload.name() + "-1", scene.workload.name() + "-2");
        assertThat(view.getList("members.oldIp")).isEqualTo(before);
        assertThat(view.getList("members.newIp")).isEqualTo(scene.cluster.addresses());
        assertThat(view.getList("members.materializedMicros")).containsExactly(1234, 1234, 1234);
        assertThat(view.getList("steps.name"))
                .containsExactly(
                        "hold-snapshot",
                        "find-targets",
                        "authorize",
                        "verify",
                        "safety-snapshot",
                        "recreate",
                        "materialize",
                        "resolve-names",
                        "release",
                        "await-whole",
                        "tidy-up");
        assertThat(view.getList("steps.status")).containsOnly("finished");
        assertThat(scene.cluster.longestSettling()).as("of three members").isEqualTo(Duration.ofMillis(3));
        assertThat(view.getString("destroyedAt")).isLessThan(view.getString("releasedAt"));
        assertThat(view.getString("releasedAt")).isLessThan(view.getString("activeAt"));
        assertNothingIsLeftOf(view);
        await().untilAsserted(() -> assertThat(participants.milestones(view.getString("id")))
                .extracting(Object::getClass)
                .isEqualTo(List.of(
                        RestoreFact.Requested.class,
                        RestoreFact.PodsRecreated.class,
                        RestoreFact.Released.class,
                        RestoreFact.Completed.class)));
    }

    @Test
    void membersThatAreDeadAreBroughtBackWhereTheSafetySnapshotIsDeclined() {
        scene.cluster.dies(1);

        JsonPath view = scene.restore(false);

        assertThat(view.getString("phase")).isEqualTo("completed");
        assertThat(scene.cluster.contents()).containsExactly(scene.captured, scene.captured, scene.captured);
        assertThat(view.getString("members[1].oldIp")).isNull();
    }

    @Test
    void aPlatformThatRefusesAndDiesHalfWayIsAskedAgain() {
        scene.cluster.recreationMeets(Fault.CRASH_HALF_WAY);

        JsonPath view = scene.restore(true);

        assertThat(view.getString("phase")).isEqualTo("completed");
        assertThat(view.getInt("steps.find { it.name == 'recreate' }.attempts")).isEqualTo(2);
        assertThat(scene.cluster.addresses())
                .as("the first member was not recreated a second time")
                .containsExactly("10.1.0.4", "10.1.0.5", "10.1.0.6");
    }

    @Test
    void aMemberThatCannotBePutBackBringsBackWhatRanBefore() {
        participants.refuse("materialize", BROKEN);

        JsonPath view = scene.restore(true);

        assertThat(view.getString("phase")).isEqualTo("rolled-back");
        assertThat(view.getString("failure.reason")).isEqualTo("MATERIALIZE_FAILED");
        assertThat(scene.cluster.contents()).containsExactly(Scene.TODAY, Scene.TODAY, Scene.TODAY);
        assertNothingIsLeftOf(view);
        await().untilAsserted(() -> assertThat(participants.milestones(view.getString("id")))
                .last()
                .isInstanceOf(RestoreFact.RolledBack.class));
    }

    @Test
    void aClusterThatDoesNotFormBringsBackWhatRanBefore() {
        scene.cluster.doesNotFormOnce();

        JsonPath view = scene.restore(true);

        assertThat(view.getString("phase")).isEqualTo("rolled-back");
        assertThat(view.getString("failure.reason")).isEqualTo("NOT_WHOLE_AGAIN");
        assertThat(scene.cluster.contents()).containsExactly(Scene.TODAY, Scene.TODAY, Scene.TODAY);
    }

    @Test
    void aMemberThatDiesBeforeTheClusterIsWholeIsNotWaitedFor() {
        scene.cluster.doesNotFormOnce();
        participants.staySilentAt("release");
        scene.ask("unlucky", true).statusCode(202);
        await().until(() -> participants.isAskedAt("release"));
        participants.speakAt("release");
        scene.cluster.dies(1);

        JsonPath view = Scene.awaitEnd("unlucky");

        assertThat(view.getString("phase")).isEqualTo("rolled-back");
        assertThat(view.getString("failure.reason")).isEqualTo("MEMBER_DOWN");
        assertThat(scene.cluster.contents()).containsExactly(Scene.TODAY, Scene.TODAY, Scene.TODAY);
    }

    @Test
    void aFailureWithoutSafetySnapshotLeavesMembersStartedAfresh() {
        participants.refuse("materialize", BROKEN);

        JsonPath view = scene.restore(false);

        assertThat(view.getString("phase")).isEqualTo("failed");
        assertThat(scene.cluster.contents()).containsOnly(FakeCluster.EMPTY).hasSize(3);
        assertNothingIsLeftOf(view);
    }

    @Test
    void aRollbackThatFailsLeavesMembersStartedAfreshAndTheSafetySnapshot() {
        participants.refuse("materialize", BROKEN);
        participants.refuse("rollback-materialize", BROKEN);

        JsonPath view = scene.restore(true);

        assertThat(view.getString("phase")).isEqualTo("failed");
        assertThat(view.getString("failure.message")).contains("undoing by rollback-materialize failed");
        assertThat(scene.cluster.contents()).containsOnly(FakeCluster.EMPTY).hasSize(3);
        assertThat(snapshots.exists("safety-" + view.getString("id"))).isTrue();
    }

    @Test
    void namesThatResolveLateAreWaitedFor() {
        scene.cluster.namesAreUnresolvedFor(3);

        assertThat(scene.restore(true).getString("phase")).isEqualTo("completed");
    }

    @Test
    void namesThatNeverResolveAreNamedAndWhatRanBeforeIsBroughtBack() {
        scene.cluster.namesAreUnresolvedUntilRecreatedAgain();

        JsonPath view = scene.restore(true);

        assertThat(view.getString("phase")).isEqualTo("rolled-back");
        assertThat(view.getString("failure.reason")).isEqualTo("NAMES_UNRESOLVED");
        assertThat(view.getString("failure.message")).contains("hz-1.hz is unknown in hz-0");
        assertThat(scene.cluster.contents()).containsExactly(Scene.TODAY, Scene.TODAY, Scene.TODAY);
    }

    /** What makes a workload unfit for a snapshot, and the reason with which that is refused. */
    static Stream<Arguments> misfits() {
        return Stream.of(
                misfit("MEMBER_COUNT_MISMATCH", scene -> scene.cluster.isScaledTo(5)),
                misfit("HEAP_TOO_SMALL", scene -> scene.cluster.allowsHeapsOf(FakeSnapshots.HEAP / 2)),
                misfit("HEAP_TOO_SMALL", scene -> scene.cluster.limitsMemoryTo(FakeSnapshots.BESIDE_THE_HEAP - 1)),
                misfit("IMAGE_DIGEST_MISMATCH", scene -> scene.cluster.isToRun("sha256:other")),
                misfit("MANIFEST_MISMATCH", Scene::losesAnImage));
    }

    private static Arguments misfit(String reason, Consumer<Scene> change) {
        return arguments(reason, change);
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void aWorkloadThatTheSnapshotDoesNotFitIsLeftAlone(String reason, Consumer<Scene> change) {
        change.accept(scene);
        List<String> before = scene.cluster.addresses();

        JsonPath view = scene.restore(true);

        assertThat(view.getString("phase")).isEqualTo("failed");
        assertThat(view.getString("failure.reason")).isEqualTo(reason);
        assertThat(scene.cluster.addresses()).isEqualTo(before);
        assertNothingIsLeftOf(view);
    }

    @Test
    void aRestoreIsCancelledAndALateReplyChangesNothing() {
        List<String> before = scene.cluster.addresses();
        participants.staySilentAt("verify");
        scene.ask("cancelled", true).statusCode(202);
        await().until(() -> participants.isAskedAt("verify"));

        when().post("/api/v1/restores/cancelled/cancel").then().statusCode(202);
        JsonPath view = Scene.awaitEnd("cancelled");
        participants.speakAt("verify");

        assertThat(view.getString("phase")).isEqualTo("cancelled");
        assertThat(view.getString("failure.reason")).isEqualTo("CANCELLED");
        assertThat(scene.cluster.addresses()).isEqualTo(before);
        assertNothingIsLeftOf(view);
        when().post("/api/v1/restores/cancelled/cancel").then().statusCode(202);
        assertThat(Scene.show("cancelled").getString("phase")).isEqualTo("cancelled");
    }

    @Test
    void aRestoreWhoseMembersRunCannotBeCancelled() {
        participants.staySilentAt("release");
        scene.ask("too-late", true).statusCode(202);
        await().until(() -> participants.isAskedAt("release"));

        String detail = when().post("/api/v1/restores/too-late/cancel")
                .then()
                .statusCode(409)
                .extract()
                .path("detail");
        participants.speakAt("release");

        assertThat(detail).isEqualTo("Restore too-late is past its point of no return, in step release");
        assertThat(Scene.awaitEnd("too-late").getString("phase")).isEqualTo("completed");
    }

    @Test
    void onlyOneRestoreRunsOnAWorkload() {
        participants.staySilentAt("verify");
        scene.ask("first", true).statusCode(202);
        await().until(() -> participants.isAskedAt("verify"));

        String detail = scene.ask("second", true).statusCode(409).extract().path("detail");
        participants.speakAt("verify");

        assertThat(detail).isEqualTo("Restore first runs on " + scene.workload);
        assertThat(Scene.awaitEnd("first").getString("phase")).isEqualTo("completed");
        scene.ask("second", true).statusCode(202);
        assertThat(Scene.awaitEnd("second").getString("phase")).isEqualTo("completed");
    }

    @Test
    void aRestoreAskedForByACommandIsDoneOnceAndAnsweredAtItsEnd() {
        String key = UUID.randomUUID() + "/ask/any";
        RequestRestore command = new RequestRestore("asked-by-command", scene.snapshot, true);

        participants.ask(key, command);
        participants.ask(key, command);
        await().untilAsserted(() ->
                when().get("/api/v1/restores/asked-by-command").then().statusCode(200));
        JsonPath view = Scene.awaitEnd("asked-by-command");

        assertThat(view.getString("phase")).isEqualTo("completed");
        await().untilAsserted(() -> assertThat(participants.repliesTo(key))
                .isEqualTo(List.of(new RestoreDone(view.getString("id"), "asked-by-command"))));
        assertThat(scene.cluster.addresses()).containsExactly("10.1.0.4", "10.1.0.5", "10.1.0.6");
    }

    @Test
    void aCommandForASnapshotThatDoesNotExistIsAnsweredWithTheReason() {
        String key = UUID.randomUUID() + "/ask/any";

        participants.ask(key, new RequestRestore(null, "nowhere", true));

        await().untilAsserted(() -> assertThat(participants.repliesTo(key))
                .isEqualTo(List.of(new CommandFailed(
                        new Failure(FailureReason.SNAPSHOT_NOT_FOUND, "There is no snapshot nowhere"), false))));
    }

    @Test
    void messagesThatAreNoneHoldUpNothing() {
        participants.sendGarbage(Topics.RESTORE_COMMANDS);
        participants.sendGarbage(Topics.RESTORE_REPLIES);

        assertThat(scene.restore(true).getString("phase")).isEqualTo("completed");
    }

    private void assertNothingIsLeftOf(JsonPath view) {
        assertThat(snapshots.isHeldBy(view.getString("id"))).isFalse();
        assertThat(snapshots.exists("safety-" + view.getString("id"))).isFalse();
        await().untilAsserted(() -> assertThat(outboxRows()).isZero());
    }

    private long outboxRows() {
        return pool.query("select count(*) from outbox")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0))
                .await()
                .indefinitely();
    }
}
