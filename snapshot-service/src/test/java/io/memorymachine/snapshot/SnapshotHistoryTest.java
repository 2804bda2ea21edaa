package io.memorymachine.snapshot;

import jakarta.inject.Inject;

import io.quarkus.vertx.VertxContextSupport;
import io.restassured.path.json.JsonPath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.history.HistoryCleanUp;
import io.memorymachine.testing.TestParticipants;

import static io.memorymachine.snapshot.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;

@RealBacking
class SnapshotHistoryTest {
    @Inject
    Scene.Stage stage;

    @Inject
    TestParticipants participants;

    @Inject
    HistoryCleanUp cleanUp;

    private Scene scene;

    @BeforeEach
    void set() {
        scene = stage.set();
    }

    @Test
    void whatHasEndedLongAgoIsForgottenExceptThatWhichASealedSnapshotNeeds() throws Throwable {
        String sealed = scene.sealed().getString("id");
        String failed = failedSnapshot("failed-long-ago");
        String recent = failedSnapshot("failed-recently");
        String deleted = deletedSnapshot("deleted-long-ago");
        scene.change("update saga set updated_at = updated_at - interval '8 days' where id <> '" + recent + "'");
        scene.change("update snapshot set finished_at = finished_at - interval '8 days' where id <> '" + recent + "'");
        scene.change("update quiesce_lease set resumed_at = resumed_at - interval '8 days' where snapshot_id <> '"
                + recent + "'");

        clean();

        assertThat(rowsOf(sealed)).isEqualTo("entry, saga");
        assertThat(rowsOf(failed)).isEmpty();
        assertThat(rowsOf(recent)).isEqualTo("entry, saga, lease");
        assertThat(rowsOf(deleted)).isEmpty();
        assertThat(scene.number("select count(*) from saga where name = 'deleted-long-ago'"))
                .isZero();
        problem(Scene.get("failed-long-ago"), 404, "SNAPSHOT_NOT_FOUND");
        assertThat(Scene.show(scene.name).getList("members")).hasSize(3);
    }

    @Test
    void theDeletionThatAnEntryNamesStaysWithIt() throws Throwable {
        scene.sealed();
        participants.refuse("discard", new Failure(FailureReason.VOLUME_NOT_READY, "the volume is away"));
        Scene.delete(scene.name).statusCode(202);
        Scene.awaitPhase(scene.name, "delete-failed");
        scene.change("update saga set updated_at = updated_at - interval '8 days'");

        clean();

        assertThat(scene.number("select count(*) from saga where id = "
                        + "(select deletion_id from snapshot where name = '" + scene.name + "')"))
                .isEqualTo(1);
    }

    @Test
    void whatStillRunsIsNeverForgotten() throws Throwable {
        participants.staySilentAt("capture");
        Scene.post(scene.request()).statusCode(202);
        JsonPath running = Scene.awaitStep(scene.name, "capture");
        scene.change("update saga set updated_at = updated_at - interval '8 days'");
        scene.change("update quiesce_lease set quiesced_at = quiesced_at - interval '8 days'");

        clean();

        assertThat(rowsOf(running.getString("id"))).isEqualTo("entry, saga, lease");
        participants.speakAt("capture");
        assertThat(Scene.awaitEnd(scene.name).getString("phase")).isEqualTo("sealed");
    }

    private void clean() throws Throwable {
        VertxContextSupport.subscribeAndAwait(cleanUp::run);
    }

    private String failedSnapshot(String name) {
        participants.refuse("capture", new Failure(FailureReason.CRIU_FAILED, "it broke"));
        Scene.post(scene.request("name", name)).statusCode(202);
        String id = Scene.awaitPhase(name, "failed").getString("id");
        participants.behave();
        return id;
    }

    private String deletedSnapshot(String name) {
        Scene.post(scene.request("name", name)).statusCode(202);
        String id = Scene.awaitPhase(name, "sealed").getString("id");
        Scene.delete(name).statusCode(202);
        Scene.awaitGone(name);
        return id;
    }

    private String rowsOf(String id) {
        StringBuilder rows = new StringBuilder();
        append(rows, "entry", "snapshot where id = '" + id + "'");
        append(rows, "saga", "saga where id = '" + id + "'");
        append(rows, "lease", "quiesce_lease where snapshot_id = '" + id + "'");
        return rows.toString();
    }

    private void append(StringBuilder rows, String name, String where) {
        if (scene.number("select count(*) from " + where) > 0) {
            rows.append(rows.isEmpty() ? "" : ", ").append(name);
        }
    }
}
