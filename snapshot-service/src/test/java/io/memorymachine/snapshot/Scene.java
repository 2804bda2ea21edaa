package io.memorymachine.snapshot;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import org.awaitility.Awaitility;

import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.snapshot.fakes.FakeCluster;
import io.memorymachine.snapshot.fakes.FakePlatform;
import io.memorymachine.snapshot.fakes.FakeProfile;
import io.memorymachine.testing.TestParticipants;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

/** A cluster of three members that runs, in a state that is not the usual one; names are new for each scene. */
final class Scene {
    /** Patience for a machine that is busy with much else. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    static final String SNAPSHOTS = "/api/v1/snapshots";
    static final String STATE = "NO_MIGRATION";

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final List<String> TABLES =
            List.of("snapshot", "workload_lock", "snapshot_hold", "quiesce_lease", "saga", "inbox");

    final WorkloadRef workload;
    final String name;
    final FakeCluster cluster;
    private final Pool pool;

    private Scene(Stage stage) {
        int number = NUMBER.incrementAndGet();
        this.workload = new WorkloadRef("demo", "hz" + number);
        this.name = "monday" + number;
        this.cluster = stage.platform.runs(workload, 3, STATE);
        this.pool = stage.pool;
    }

    /** What scenes are made of. */
    @ApplicationScoped
    static class Stage {
        @Inject
        FakePlatform platform;

        @Inject
        TestParticipants participants;

        @Inject
        Pool pool;

        /** A new scene in which nothing goes wrong yet. */
        Scene set() {
            Awaitility.setDefaultTimeout(LONGEST);
            participants.behave();
            Scene scene = new Scene(this);
            // What the test before has begun and did not wait for would change the numbers of rows.
            await().until(() -> scene.number("select count(*) from saga where wake_at is not null") == 0);
            return scene;
        }

        /** A cluster beside that of the scene. */
        Scene another() {
            return new Scene(this);
        }
    }

    /** A request for a snapshot of the cluster, to be changed at will. */
    Map<String, Object> request() {
        return new LinkedHashMap<>(Map.of(
                "name",
                name,
                "namespace",
                workload.namespace(),
                "statefulset",
                workload.name(),
                "profile",
                FakeProfile.NAME));
    }

    /** As {@link #request()}, with one field more or another value. */
    Map<String, Object> request(String field, Object value) {
        Map<String, Object> request = request();
        request.put(field, value);
        return request;
    }

    /** Takes a snapshot and waits for its end. */
    JsonPath take() {
        post(request()).statusCode(202);
        return awaitEnd(name);
    }

    /** Takes a snapshot, which is sealed. */
    JsonPath sealed() {
        JsonPath view = take();
        if (!view.getString("phase").equals("sealed")) {
            throw new AssertionError(view.prettify());
        }
        return view;
    }

    /** How many rows each table has, and how many messages wait. */
    Map<String, Long> rows() {
        Map<String, Long> rows = new LinkedHashMap<>();
        TABLES.forEach(table -> rows.put(table, number("select count(*) from " + table)));
        return rows;
    }

    /** The number that a query gives. */
    long number(String sql) {
        return rowOf(sql).getLong(0);
    }

    /** Runs a statement. */
    void change(String sql) {
        pool.query(sql).execute().await().indefinitely();
    }

    private Row rowOf(String sql) {
        return pool.query(sql).execute().await().indefinitely().iterator().next();
    }

    static ValidatableResponse post(Object request) {
        return given().contentType(ContentType.JSON)
                .body(request)
                .when()
                .post(SNAPSHOTS)
                .then();
    }

    static ValidatableResponse get(String name) {
        return when().get(SNAPSHOTS + "/" + name).then();
    }

    static ValidatableResponse delete(String name) {
        return when().delete(SNAPSHOTS + "/" + name).then();
    }

    static ValidatableResponse cancel(String name) {
        return when().post(SNAPSHOTS + "/" + name + "/cancel").then();
    }

    static JsonPath show(String name) {
        return get(name).statusCode(200).extract().jsonPath();
    }

    static JsonPath awaitPhase(String name, String phase) {
        return await().until(() -> show(name), view -> phase.equals(view.getString("phase")));
    }

    static JsonPath awaitStep(String name, String step) {
        return await().until(() -> show(name), view -> step.equals(view.getString("step")));
    }

    static JsonPath awaitEnd(String name) {
        return await().until(
                        () -> show(name),
                        view -> !List.of("running", "compensating").contains(view.getString("phase")));
    }

    static void awaitGone(String name) {
        await().untilAsserted(() -> problem(get(name), 404, "SNAPSHOT_NOT_FOUND"));
    }

    static ValidatableResponse problem(ValidatableResponse response, int status, String reason) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("status", equalTo(status))
                .body("reason", equalTo(reason));
    }
}
