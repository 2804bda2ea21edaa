package io.memorymachine.snapshot;

import java.util.Map;

import jakarta.inject.Inject;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.testing.TestParticipants;

import static io.memorymachine.snapshot.Scene.SNAPSHOTS;
import static io.memorymachine.snapshot.Scene.STATE;
import static io.memorymachine.snapshot.Scene.problem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

/** Whether a snapshot could be taken, and a snapshot's verification. */
@RealBacking
class SnapshotCheckTest {
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
    void aSnapshotThatCouldBeTakenIsPlannedAndNotTaken() {
        tried(scene.request())
                .statusCode(200)
                .body("possible", equalTo(true))
                .body("operation", equalTo("snapshot"))
                .body("name", equalTo(scene.name))
                .body("checks.name", contains("find-members", "authorize", "reserve"))
                .body(
                        "steps",
                        contains("prepare", "guard", "quiesce", "capture", "resume", "seal", "return-license-at-end"))
                .body("members", hasSize(3))
                .body("failure", nullValue());

        problem(Scene.get(scene.name), 404, "SNAPSHOT_NOT_FOUND");
        assertThat(scene.cluster.state()).isEqualTo(STATE);
        assertThat(scene.number("select count(*) from workload_lock")).isZero();
        // What it set aside is given back: the same can be done now.
        scene.sealed();
    }

    @Test
    void withoutAPauseThePlanHasNone() {
        Map<String, Object> request = scene.request("profileOptions", "--nopause");

        tried(request).statusCode(200).body("steps", contains("prepare", "capture", "seal", "return-license-at-end"));
    }

    @Test
    void theFirstReasonAgainstItIsTold() {
        participants.refuse("reserve", new Failure(FailureReason.VOLUME_FULL, "no room"));

        tried(scene.request())
                .statusCode(200)
                .body("possible", equalTo(false))
                .body("checks.status", contains("finished", "finished", "failed"))
                .body("failure.reason", equalTo("VOLUME_FULL"))
                .body("failure.message", equalTo("no room"));

        problem(Scene.get(scene.name), 404, "SNAPSHOT_NOT_FOUND");
        assertThat(scene.number("select count(*) from workload_lock")).isZero();
    }

    @Test
    void aNameInUseAndABusyWorkloadAreRefusedAtOnce() {
        scene.sealed();
        problem(tried(scene.request()), 409, "SNAPSHOT_NAME_IN_USE");

        participants.staySilentAt("prepare");
        Scene.post(scene.request("name", scene.name + "-2")).statusCode(202);
        problem(tried(scene.request("name", scene.name + "-3")), 409, "WORKLOAD_BUSY");

        participants.speakAt("prepare");
        Scene.awaitEnd(scene.name + "-2");
    }

    @Test
    void aWrongRequestIsRefusedAsWithoutADryRun() {
        problem(tried(scene.request("name", "Upper")), 400, "INVALID_NAME");
        problem(tried(scene.request("profile", "oracle")), 400, "UNKNOWN_PROFILE");
    }

    @Test
    void aWholeSnapshotIsFoundWhole() {
        scene.sealed();

        verified().statusCode(200).body("whole", equalTo(true)).body("checkedBytes", equalTo(1800));

        assertThat(Scene.show(scene.name).getString("verifiedAt")).isNotEmpty();
        assertThat(Scene.show(scene.name).getMap("verificationFailure")).isNull();
    }

    @Test
    void whatIsWrongWithADamagedOneIsToldAndKeptUntilItIsWholeAgain() {
        scene.sealed();
        participants.refuse("verify", new Failure(FailureReason.IMAGE_CORRUPT, "pages-1.img"));

        verified().statusCode(200).body("whole", equalTo(false)).body("failure.reason", equalTo("IMAGE_CORRUPT"));
        assertThat(Scene.show(scene.name).getString("verificationFailure.reason"))
                .isEqualTo("IMAGE_CORRUPT");
        assertThat(Scene.show(scene.name).getString("phase")).isEqualTo("sealed");

        participants.behave();
        verified().body("whole", equalTo(true));
        assertThat(Scene.show(scene.name).getMap("verificationFailure")).isNull();
    }

    @Test
    void onlyASealedSnapshotIsVerified() {
        problem(verified(), 404, "SNAPSHOT_NOT_FOUND");

        participants.refuse("capture", new Failure(FailureReason.CRIU_FAILED, "no"));
        scene.take();
        problem(verified(), 409, "SNAPSHOT_NOT_SEALED");
        assertThat(Scene.show(scene.name).getString("phase")).isEqualTo("failed");
    }

    private ValidatableResponse verified() {
        return given().when().post(SNAPSHOTS + "/" + scene.name + "/verify").then();
    }

    private static ValidatableResponse tried(Object request) {
        return given().contentType(ContentType.JSON)
                .queryParam("dryRun", true)
                .body(request)
                .when()
                .post(SNAPSHOTS)
                .then();
    }
}
