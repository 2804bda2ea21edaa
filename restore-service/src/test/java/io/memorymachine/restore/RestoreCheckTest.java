package io.memorymachine.restore;

import java.util.Map;

import jakarta.inject.Inject;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.restore.fakes.FakeParticipants;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

/** Whether a restore could begin. */
@RealBacking
class RestoreCheckTest {
    @Inject
    Scene.Stage stage;

    @Inject
    FakeParticipants participants;

    private Scene scene;

    @BeforeEach
    void set() {
        Awaitility.setDefaultTimeout(Scene.LONGEST);
        scene = stage.set();
    }

    @Test
    void aRestoreThatCouldBeginIsPlannedAndDoesNotBegin() {
        Object before = scene.cluster.contents();

        tried(Map.of("name", "tried-" + scene.snapshot, "snapshot", scene.snapshot))
                .statusCode(200)
                .body("possible", equalTo(true))
                .body("operation", equalTo("restore"))
                .body("namespace", equalTo("demo"))
                .body("statefulset", equalTo(scene.workload.name()))
                .body(
                        "checks.name",
                        contains("hold-snapshot", "find-targets", "authorize", "verify", "reserve-safety-space"))
                .body("steps", hasItem("safety-snapshot"))
                .body("steps", hasItem("recreate"))
                .body("members", hasSize(3))
                .body("failure", nullValue());

        assertThat(scene.cluster.contents()).isEqualTo(before);
        assertThat(participants.reserved()).isEmpty();
        when().get("/api/v1/restores/tried-" + scene.snapshot).then().statusCode(404);
        // What it held is let go of: the restore itself can begin.
        assertThat(scene.restore(true).getString("phase")).isEqualTo("completed");
    }

    @Test
    void withoutASafetySnapshotThePlanHasNone() {
        tried(Map.of("snapshot", scene.snapshot, "safetySnapshot", false))
                .statusCode(200)
                .body("checks.name", contains("hold-snapshot", "find-targets", "authorize", "verify"))
                .body("steps", not(hasItem("safety-snapshot")));
    }

    @Test
    void theFirstReasonAgainstItIsToldAndNothingIsHeld() {
        participants.refuse("verify", new Failure(FailureReason.IMAGE_CORRUPT, "pages-1.img"));

        tried(Map.of("snapshot", scene.snapshot))
                .statusCode(200)
                .body("possible", equalTo(false))
                .body("checks.status", contains("finished", "finished", "finished", "failed"))
                .body("failure.reason", equalTo("IMAGE_CORRUPT"));

        participants.behave();
        assertThat(scene.restore(false).getString("phase")).isEqualTo("completed");
    }

    @Test
    void noRoomForTheSafetySnapshotIsAReasonAgainstItUnlessNoneIsWanted() {
        participants.refuse("reserve-safety-space", new Failure(FailureReason.VOLUME_FULL, "2 bytes are free"));

        tried(Map.of("snapshot", scene.snapshot))
                .statusCode(200)
                .body("possible", equalTo(false))
                .body("failure.reason", equalTo("VOLUME_FULL"));
        tried(Map.of("snapshot", scene.snapshot, "safetySnapshot", false))
                .statusCode(200)
                .body("possible", equalTo(true));

        assertThat(participants.reserved()).isEmpty();
    }

    @Test
    void whatIsRefusedWithoutADryRunIsRefusedWithOne() {
        tried(Map.of("snapshot", "never-taken")).statusCode(404).body("reason", equalTo("SNAPSHOT_NOT_FOUND"));
        tried(Map.of("snapshot", scene.snapshot, "name", "Upper"))
                .statusCode(400)
                .body("reason", equalTo("INVALID_NAME"));

        scene.restore(false);
        tried(Map.of("snapshot", scene.snapshot, "name", "of-" + scene.snapshot))
                .statusCode(409)
                .body("reason", equalTo("RESTORE_NAME_IN_USE"));
    }

    private static ValidatableResponse tried(Object request) {
        return given().contentType(ContentType.JSON)
                .queryParam("dryRun", true)
                .body(request)
                .when()
                .post("/api/v1/restores")
                .then();
    }
}
