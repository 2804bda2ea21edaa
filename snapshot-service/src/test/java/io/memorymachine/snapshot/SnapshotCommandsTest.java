package io.memorymachine.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.restassured.path.json.JsonPath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.contract.envelope.Command;
import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.restore.RestoreFact;
import io.memorymachine.contract.snapshot.SnapshotCommand.DeleteSnapshot;
import io.memorymachine.contract.snapshot.SnapshotCommand.HoldSnapshot;
import io.memorymachine.contract.snapshot.SnapshotCommand.QuiesceWorkload;
import io.memorymachine.contract.snapshot.SnapshotCommand.RequestSnapshot;
import io.memorymachine.contract.snapshot.SnapshotCommand.ResumeWorkload;
import io.memorymachine.contract.snapshot.SnapshotCommand.UnholdSnapshot;
import io.memorymachine.contract.snapshot.SnapshotFact;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotDeleted;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotHeld;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotTaken;
import io.memorymachine.contract.snapshot.SnapshotReply.SnapshotUnheld;
import io.memorymachine.contract.snapshot.SnapshotReply.WorkloadQuiesced;
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.snapshot.fakes.FakeCluster;
import io.memorymachine.snapshot.fakes.FakePlatform;
import io.memorymachine.snapshot.fakes.FakeProfile;
import io.memorymachine.testing.TestParticipants;

import static io.memorymachine.snapshot.Scene.STATE;
import static io.memorymachine.snapshot.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

/** Deletion, and what other services order: holds, safety snapshots, deletions, and the quiesce under its lease. */
@RealBacking
class SnapshotCommandsTest {
    private static final Failure BROKEN = new Failure(FailureReason.UNAVAILABLE, "no route to node-b");
    private static final ProfileSettings PROFILE = new ProfileSettings(FakeProfile.NAME, true, Duration.ofSeconds(30));

    @Inject
    Scene.Stage stage;

    @Inject
    TestParticipants participants;

    @Inject
    FakePlatform platform;

    private final String restore = UUID.randomUUID().toString();
    private Scene scene;

    @BeforeEach
    void set() {
        scene = stage.set();
    }

    /** Sends a command of the restore, and does not wait. */
    private void order(String step, Command command) {
        participants.ask(Topics.SNAPSHOT_COMMANDS, key(step), command, Topics.RESTORE_REPLIES);
    }

    private String key(String step) {
        return restore + "/" + step + "/any";
    }

    /** The one reply to the restore's step. */
    private Reply reply(String step) {
        return replies(step, 1).get(0);
    }

    private List<Reply> replies(String step, int count) {
        return await().until(() -> participants.repliesTo(key(step)), replies -> replies.size() == count);
    }

    private Reply done(String step, Command command) {
        order(step, command);
        return reply(step);
    }

    private static CommandFailed refused(FailureReason reason, String message) {
        return new CommandFailed(new Failure(reason, message), false);
    }

    private void hold() {
        assertThat(done("hold", new HoldSnapshot(scene.name, restore, "back-to-monday")))
                .isInstanceOf(SnapshotHeld.class);
    }

    // --- deletion

    @Test
    void aDeletedSnapshotIsGoneFromTheCatalogueAndTheNodes() {
        JsonPath view = scene.sealed();

        Scene.delete(scene.name).statusCode(202).body("phase", equalTo("deleting"));

        Scene.awaitGone(scene.name);
        assertThat(scene.cluster.holdsNothing()).isTrue();
        await().untilAsserted(() -> assertThat(participants.messagesThatName(view.getString("id")))
                .filteredOn(SnapshotFact.Deleted.class::isInstance)
                .hasSize(1));
        problem(Scene.delete(scene.name), 404, "SNAPSHOT_NOT_FOUND");
        scene.sealed();
    }

    @Test
    void aFailedSnapshotCanBeDeletedToo() {
        participants.refuse("find-members", BROKEN);
        participants.refuse("authorize", BROKEN);
        assertThat(scene.take().getString("phase")).isEqualTo("failed");
        participants.behave();

        Scene.delete(scene.name).statusCode(202);

        Scene.awaitGone(scene.name);
    }

    @Test
    void aSnapshotThatIsBeingDeletedIsNotRestorableAndDeletingItAgainChangesNothing() {
        scene.sealed();
        participants.staySilentAt("discard");
        Scene.delete(scene.name).statusCode(202);
        await().until(() -> participants.isAskedAt("discard"));
        Map<String, Long> before = scene.rows();

        Scene.delete(scene.name).statusCode(202).body("phase", equalTo("deleting"));

        assertThat(scene.rows()).isEqualTo(before);
        assertThat(done("hold", new HoldSnapshot(scene.name, restore, "back-to-monday")))
                .isEqualTo(refused(FailureReason.SNAPSHOT_NOT_SEALED, "Snapshot " + scene.name + " is DELETING"));
        problem(Scene.post(scene.request()), 409, "SNAPSHOT_NAME_IN_USE");
        participants.speakAt("discard");
        Scene.awaitGone(scene.name);
    }

    @Test
    void aDeletionThatFailsHalfWayIsRepeatedAndTheSnapshotIsNeverRestorableAgain() {
        scene.sealed();
        participants.refuse("discard", BROKEN);
        Scene.delete(scene.name).statusCode(202);

        JsonPath view = Scene.awaitPhase(scene.name, "delete-failed");
        assertThat(view.getString("failure.reason")).isEqualTo("UNAVAILABLE");
        assertThat(done("hold", new HoldSnapshot(scene.name, restore, "back-to-monday")))
                .isEqualTo(refused(FailureReason.SNAPSHOT_NOT_SEALED, "Snapshot " + scene.name + " is DELETE_FAILED"));

        participants.behave();
        Scene.delete(scene.name).statusCode(202);
        Scene.awaitGone(scene.name);
        assertThat(scene.cluster.holdsNothing()).isTrue();
    }

    @Test
    void aDeletionWhoseCommandsWereLostSendsThemAgain() {
        String id = scene.sealed().getString("id");
        participants.staySilentAt("discard");
        Scene.delete(scene.name).statusCode(202);
        await().until(() -> participants.isAskedAt("discard"));

        // As if the node had died with them: what was held back is never executed.
        participants.behave();

        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> problem(Scene.get(scene.name), 404, "SNAPSHOT_NOT_FOUND"));
        assertThat(scene.cluster.holdsNothing()).isTrue();
        assertThat(participants.messagesThatName(id))
                .filteredOn(SnapshotFact.Deleted.class::isInstance)
                .hasSize(1);
    }

    @Test
    void aSnapshotThatIsBeingTakenIsNotDeleted() {
        participants.staySilentAt("capture");
        Scene.post(scene.request()).statusCode(202);
        await().until(() -> participants.isAskedAt("capture"));

        problem(Scene.delete(scene.name), 409, "WORKLOAD_BUSY");

        participants.speakAt("capture");
        Scene.awaitPhase(scene.name, "sealed");
    }

    @Test
    void aDeletionByCommandIsAnsweredAtItsEndHoweverOftenItIsOrdered() {
        scene.sealed();
        participants.staySilentAt("discard");
        order("delete", new DeleteSnapshot(scene.name, null));
        await().until(() -> participants.isAskedAt("discard"));
        order("delete", new DeleteSnapshot(scene.name, null));
        hold("other-step");
        assertThat(participants.repliesTo(key("delete"))).isEmpty();
        participants.speakAt("discard");

        assertThat(reply("delete")).isEqualTo(new SnapshotDeleted(scene.name));
        Scene.awaitGone(scene.name);
        assertThat(done("delete-again", new DeleteSnapshot(scene.name, null)))
                .isEqualTo(new SnapshotDeleted(scene.name));
    }

    /** A command behind the others of the restore: when it is answered they are taken. */
    private void hold(String step) {
        done(step, new UnholdSnapshot("nobody"));
    }

    // --- holds

    @Test
    void aRestoreThatHasEndedHoldsNothingThoughNobodyUnheldIt() {
        scene.sealed();
        hold();
        problem(Scene.delete(scene.name), 409, "SNAPSHOT_IN_USE");

        participants.tell(
                restore, new RestoreFact.Failed(restore, "back-to-monday", scene.workload, Instant.now(), BROKEN));

        await().until(() -> Scene.delete(scene.name).extract().statusCode() == 202);
        Scene.awaitGone(scene.name);
        scene.sealed();
    }

    @Test
    void aHeldSnapshotIsNotDeletedAndItsWorkloadIsLockedUntilItIsUnheld() {
        String id = scene.sealed().getString("id");

        order("hold", new HoldSnapshot(scene.name, restore, "back-to-monday"));
        order("hold", new HoldSnapshot(scene.name, restore, "back-to-monday"));

        List<Reply> held = replies("hold", 2);
        assertThat(held.get(1)).isEqualTo(held.get(0));
        SnapshotHeld first = (SnapshotHeld) held.get(0);
        assertThat(first.restoreId()).isEqualTo(restore);
        assertThat(first.manifest().snapshotId()).isEqualTo(id);
        assertThat(first.manifest().clusterState()).isEqualTo(STATE);
        assertThat(first.manifest().images()).hasSize(3);
        problem(Scene.delete(scene.name), 409, "SNAPSHOT_IN_USE");
        problem(Scene.post(scene.request("name", "another")), 409, "WORKLOAD_BUSY")
                .body("detail", equalTo(scene.workload + " is locked by restore back-to-monday"));

        assertThat(done("unhold", new UnholdSnapshot(restore))).isEqualTo(new SnapshotUnheld(restore));

        assertThat(done("unhold-again", new UnholdSnapshot(restore))).isEqualTo(new SnapshotUnheld(restore));
        Scene.delete(scene.name).statusCode(202);
        Scene.awaitGone(scene.name);
    }

    @Test
    void whatDoesNotExistOrIsNotSealedOrIsBusyIsNotHeld() {
        assertThat(done("nowhere", new HoldSnapshot("nowhere", restore, "r")))
                .isEqualTo(refused(FailureReason.SNAPSHOT_NOT_FOUND, "There is no snapshot nowhere"));
        assertThat(done("hostile", new HoldSnapshot("../a", restore, "r"))).isInstanceOf(CommandFailed.class);

        participants.refuse("reserve", BROKEN);
        scene.take();
        assertThat(done("failed", new HoldSnapshot(scene.name, restore, "r")))
                .isEqualTo(refused(FailureReason.SNAPSHOT_NOT_SEALED, "Snapshot " + scene.name + " is FAILED"));

        participants.behave();
        scene.sealed();
        participants.staySilentAt("capture");
        Scene.post(scene.request("name", scene.name + "-next")).statusCode(202);
        await().until(() -> participants.isAskedAt("capture"));
        assertThat(done("busy", new HoldSnapshot(scene.name, restore, "r")))
                .isEqualTo(refused(
                        FailureReason.WORKLOAD_BUSY,
                        scene.workload + " is locked by snapshot " + scene.name + "-next"));
        participants.speakAt("capture");
        Scene.awaitPhase(scene.name + "-next", "sealed");
        assertThat(scene.number("select count(*) from snapshot_hold where restore_id = '" + restore + "'"))
                .isZero();
    }

    // --- snapshots by command

    @Test
    void aSafetySnapshotIsTakenOnceUnderTheLockOfItsRestore() {
        scene.sealed();
        hold();
        String safety = "safety-" + restore;

        order("safety", new RequestSnapshot(safety, scene.workload, PROFILE, true, restore));
        order("safety", new RequestSnapshot(safety, scene.workload, PROFILE, true, restore));

        Reply taken = reply("safety");
        JsonPath view = Scene.show(safety);
        assertThat(((SnapshotTaken) taken).manifest().snapshotId()).isEqualTo(view.getString("id"));
        assertThat(view.getString("phase")).isEqualTo("sealed");
        assertThat(view.getBoolean("encrypted")).isTrue();
        assertThat(((SnapshotTaken) taken).manifest().encrypted()).isTrue();
        assertThat(scene.number("select count(*) from saga where name = '" + safety + "'"))
                .isEqualTo(1);
        assertThat(scene.number("select count(*) from workload_lock where holder_id = '" + restore + "'"))
                .as("the end of the safety snapshot does not end the restore's lock")
                .isEqualTo(1);

        assertThat(done("discard-safety-snapshot", new DeleteSnapshot(safety, restore)))
                .isEqualTo(new SnapshotDeleted(safety));
        assertThat(done("unhold", new UnholdSnapshot(restore))).isEqualTo(new SnapshotUnheld(restore));
        hold("flush");
        assertThat(participants.repliesTo(key("safety"))).containsExactly(taken);
    }

    @Test
    void aSnapshotOnBehalfOfWhoeverHoldsNoLockIsRefused() {
        assertThat(done("safety", new RequestSnapshot("safe", scene.workload, PROFILE, false, restore)))
                .isEqualTo(refused(
                        FailureReason.WORKLOAD_BUSY, scene.workload + " is locked by an operation that just ended"));
        problem(Scene.get("safe"), 404, "SNAPSHOT_NOT_FOUND");
    }

    @Test
    void aSnapshotByCommandThatFailsIsAnsweredWithTheReason() {
        participants.refuse("reserve", BROKEN);

        assertThat(done("ask", new RequestSnapshot(scene.name, scene.workload, PROFILE, false, null)))
                .isEqualTo(new CommandFailed(BROKEN, false));
        assertThat(done("hostile", new RequestSnapshot("../x", scene.workload, PROFILE, false, null)))
                .extracting(reply -> ((CommandFailed) reply).failure().reason())
                .isEqualTo(FailureReason.INVALID_NAME);
    }

    @Test
    void aRestoreThatGivesUpWhileItsSafetySnapshotIsBeingTakenGetsRidOfIt() {
        scene.sealed();
        hold();
        String safety = "safety-" + restore;
        participants.staySilentAt("capture");
        order("safety", new RequestSnapshot(safety, scene.workload, PROFILE, false, restore));
        await().until(() -> participants.isAskedAt("capture"));

        CommandFailed first = (CommandFailed) done("discard-safety", new DeleteSnapshot(safety, restore));

        assertThat(first.retryable()).isTrue();
        assertThat(first.failure().reason()).isEqualTo(FailureReason.WORKLOAD_BUSY);
        Scene.awaitPhase(safety, "cancelled");
        assertThat(scene.cluster.state()).isEqualTo(STATE);
        order("discard-safety", new DeleteSnapshot(safety, restore));
        assertThat(replies("discard-safety", 2).get(1)).isEqualTo(new SnapshotDeleted(safety));
        Scene.awaitGone(safety);
    }

    @Test
    void aSnapshotOfSomebodyElseIsNotCancelledByAnOrderToDeleteIt() {
        participants.staySilentAt("capture");
        Scene.post(scene.request()).statusCode(202);
        await().until(() -> participants.isAskedAt("capture"));

        CommandFailed busy = (CommandFailed) done("delete", new DeleteSnapshot(scene.name, restore));

        assertThat(busy.retryable()).isTrue();
        participants.speakAt("capture");
        Scene.awaitPhase(scene.name, "sealed");
    }

    // --- the quiesce and its lease

    private QuiesceWorkload quiesce(String snapshot, Duration maxPause) {
        return new QuiesceWorkload(
                snapshot,
                scene.workload,
                new ProfileSettings(FakeProfile.NAME, true, maxPause),
                STATE,
                platform.find(scene.workload).members(),
                Instant.now().plus(Duration.ofHours(1)));
    }

    @Test
    void aClusterThatItsNodesHaveCeasedToGuardIsNotTouched() {
        String snapshot = UUID.randomUUID().toString();
        QuiesceWorkload late = quiesce(snapshot, Duration.ofSeconds(30));

        Reply reply = done(
                "quiesce",
                new QuiesceWorkload(
                        snapshot,
                        late.workload(),
                        late.profile(),
                        STATE,
                        late.members(),
                        Instant.now().minusMillis(1)));

        assertThat(reply)
                .isInstanceOfSatisfying(
                        CommandFailed.class,
                        failed -> assertThat(failed.failure().reason()).isEqualTo(FailureReason.QUIESCE_LEASE_EXPIRED));
        assertThat(platform.cluster(scene.workload).state()).isEqualTo(STATE);
    }

    @Test
    void aClusterWhoseOrchestratorIsGoneIsResumedToThePreviousState() {
        String snapshot = UUID.randomUUID().toString();

        Reply reply = done("quiesce", quiesce(snapshot, Duration.ofSeconds(1)));

        assertThat(((WorkloadQuiesced) reply).previousState()).isEqualTo(STATE);
        await().untilAsserted(
                        () -> assertThat(scene.cluster.states()).containsExactly(STATE, FakeCluster.PASSIVE, STATE));
        assertThat(done("resume", new ResumeWorkload(snapshot, true)))
                .extracting(late -> ((CommandFailed) late).failure().reason())
                .isEqualTo(FailureReason.QUIESCE_LEASE_EXPIRED);
    }

    @Test
    void aMemberThatWasReplacedMeanwhileIsResumedWhereItRunsNow() {
        String snapshot = UUID.randomUUID().toString();
        scene.cluster.refusesToResume(1);
        done("quiesce", quiesce(snapshot, Duration.ofSeconds(1)));

        scene.cluster.replaces(1);

        awaitLeaseClosed(snapshot);
        assertThat(scene.cluster.states()).containsExactly(STATE, FakeCluster.PASSIVE, STATE);
    }

    @Test
    void theLeaseOfAClusterNoneOfWhoseMembersLivesAnyMoreEnds() {
        String snapshot = UUID.randomUUID().toString();
        done("quiesce", quiesce(snapshot, Duration.ofSeconds(2)));

        List.of(0, 1, 2).forEach(scene.cluster::replaces);

        awaitLeaseClosed(snapshot);
        assertThat(scene.cluster.states()).containsExactly(STATE, FakeCluster.PASSIVE);
    }

    @Test
    void theLeaseOfAWorkloadThatIsGoneEnds() {
        String snapshot = UUID.randomUUID().toString();
        done("quiesce", quiesce(snapshot, Duration.ofSeconds(2)));

        platform.loses(scene.workload);

        awaitLeaseClosed(snapshot);
        assertThat(done("resume", new ResumeWorkload(snapshot, false))).isNotInstanceOf(CommandFailed.class);
    }

    private void awaitLeaseClosed(String snapshot) {
        await().until(() -> scene.number("select count(*) from quiesce_lease where resumed_at is not null"
                        + " and snapshot_id = '" + snapshot + "'")
                == 1);
    }

    @Test
    void aQuiesceThatComesAgainBehindItsLeaseDoesNotTouchTheCluster() {
        String snapshot = UUID.randomUUID().toString();
        done("quiesce", quiesce(snapshot, Duration.ofSeconds(1)));
        await().until(() -> scene.cluster.state().equals(STATE));
        await().until(() -> scene.number("select count(*) from quiesce_lease where resumed_at is not null"
                        + " and snapshot_id = '" + snapshot + "'")
                == 1);

        // As if its reply had never been recorded.
        Reply again = done("quiesce-again", quiesce(snapshot, Duration.ofSeconds(1)));

        assertThat(((CommandFailed) again).failure().reason()).isEqualTo(FailureReason.QUIESCE_LEASE_EXPIRED);
        await().until(() -> scene.number("select count(*) from quiesce_lease where resumed_at is not null"
                        + " and snapshot_id = '" + snapshot + "'")
                == 1);
        assertThat(scene.cluster.states()).containsExactly(STATE, FakeCluster.PASSIVE, STATE);
    }

    @Test
    void aResumeOfWhatWasNeverQuiescedChangesNothing() {
        assertThat(done("resume", new ResumeWorkload(UUID.randomUUID().toString(), false)))
                .isNotInstanceOf(CommandFailed.class);
        assertThat(scene.cluster.states()).containsExactly(STATE);
    }
}
