package io.memorymachine.restore;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;

import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.restore.fakes.FakeCluster;
import io.memorymachine.restore.fakes.FakeParticipants;
import io.memorymachine.restore.fakes.FakePlatform;
import io.memorymachine.restore.fakes.FakeSnapshots;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.awaitility.Awaitility.await;

/** A cluster of three members that runs and holds {@code today}, with a sealed snapshot; names are new for each. */
final class Scene {
    static final String TODAY = "22222222-0000-4000-8000-000000000000";

    /** Patience for a machine that is busy with much else. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    final WorkloadRef workload;
    final String snapshot;
    final FakeCluster cluster;

    /** What the members hold when they are restored. */
    final String captured;

    private final FakeSnapshots snapshots;

    private Scene(Stage stage) {
        this.snapshots = stage.snapshots;
        int number = NUMBER.incrementAndGet();
        this.workload = new WorkloadRef("demo", "hz" + number);
        this.snapshot = "monday" + number;
        this.cluster = stage.platform.runs(workload, 3, TODAY);
        this.captured = stage.snapshots.has(snapshot, workload, 3);
    }

    /** What scenes are made of. */
    @ApplicationScoped
    static class Stage {
        @Inject
        FakePlatform platform;

        @Inject
        FakeSnapshots snapshots;

        @Inject
        FakeParticipants participants;

        /** A new scene in which nothing goes wrong yet. */
        Scene set() {
            participants.behave();
            snapshots.answersWith(0);
            return new Scene(this);
        }
    }

    /** The snapshot's manifest does not name the image of its last member any more. */
    void losesAnImage() {
        snapshots.losesAnImage(snapshot);
    }

    /** Asks for a restore of the snapshot under a name. */
    ValidatableResponse ask(String name, boolean safety) {
        return post(Map.of("name", name, "snapshot", snapshot, "safetySnapshot", safety));
    }

    /** Asks for a restore and waits for its end. */
    JsonPath restore(boolean safety) {
        String name = "of-" + snapshot;
        ask(name, safety).statusCode(202);
        return awaitEnd(name);
    }

    static ValidatableResponse post(Object request) {
        return given().contentType(ContentType.JSON)
                .body(request)
                .when()
                .post("/api/v1/restores")
                .then();
    }

    static JsonPath show(String name) {
        return when().get("/api/v1/restores/" + name)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    static JsonPath awaitEnd(String name) {
        return await().until(
                        () -> show(name),
                        view -> !List.of("running", "compensating").contains(view.getString("phase")));
    }
}
