package io.memorymachine.restore;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.common.http.TestHTTPResource;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.restore.fakes.FakeParticipants;
import io.memorymachine.restore.fakes.FakeSnapshots;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@RealBacking
class RestoreResourceTest {
    @Inject
    Scene.Stage stage;

    @Inject
    FakeParticipants participants;

    @Inject
    FakeSnapshots snapshots;

    @TestHTTPResource("/api/v1/restores/")
    URI restores;

    private Scene scene;

    @BeforeEach
    void set() {
        Awaitility.setDefaultTimeout(Scene.LONGEST);
        scene = stage.set();
    }

    @Test
    void aRestoreIsAcceptedAndFoundUnderItsLocation() {
        String location = scene.ask("located", true)
                .statusCode(202)
                .header("Location", endsWith("/api/v1/restores/located"))
                .body("name", equalTo("located"))
                .body("snapshot", equalTo(scene.snapshot))
                .body("namespace", equalTo("demo"))
                .body("statefulset", equalTo(scene.workload.name()))
                .body("safetySnapshot", equalTo(true))
                .extract()
                .header("Location");

        when().get(location).then().statusCode(200).body("name", equalTo("located"));
        Scene.awaitEnd("located");
    }

    @Test
    void aRestoreWithoutANameIsNamedAfterItsSnapshotAndTakesASafetySnapshot() {
        String name = Scene.post(Map.of("snapshot", scene.snapshot))
                .statusCode(202)
                .body("name", matchesPattern(scene.snapshot + "-[a-z]{5}"))
                .body("safetySnapshot", equalTo(true))
                .extract()
                .path("name");

        Scene.awaitEnd(name);
    }

    @Test
    void aNameMadeOfALongOneFitsIntoALabel() {
        String snapshot = "a".repeat(63);
        snapshots.has(snapshot, scene.workload, 3);

        String name = Scene.post(Map.of("snapshot", snapshot))
                .statusCode(202)
                .body("name", matchesPattern("a{57}-[a-z]{5}"))
                .extract()
                .path("name");

        Scene.awaitEnd(name);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("{\"name\":\"Upper\",\"snapshot\":\"monday\"}", "INVALID_NAME"),
                arguments("{\"name\":\"\",\"snapshot\":\"monday\"}", "INVALID_NAME"),
                arguments("{\"name\":\"../../etc\",\"snapshot\":\"monday\"}", "INVALID_NAME"),
                arguments("{\"snapshot\":\"../monday\"}", "INVALID_NAME"),
                arguments("{\"snapshot\":\"" + "a".repeat(64) + "\"}", "INVALID_NAME"),
                arguments("{\"snapshot\":\"" + "a".repeat(300) + "\"}", "INVALID_REQUEST"),
                arguments("{}", "INVALID_REQUEST"),
                arguments("", "INVALID_REQUEST"),
                arguments("[]", "INVALID_REQUEST"),
                arguments("{\"snapshot\":", "INVALID_REQUEST"),
                arguments("{\"snapshot\":{\"a\":1}}", "INVALID_REQUEST"),
                arguments("{\"snapshot\":\"monday\",\"safetySnapshot\":\"perhaps\"}", "INVALID_REQUEST"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMalformedRequestIsAProblemOfTheCaller(String body, String reason) {
        problem(
                given().contentType(ContentType.JSON)
                        .body(body)
                        .post("/api/v1/restores")
                        .then(),
                400,
                reason);
    }

    @Test
    void aNameThatNothingCanBearIsNotFound() {
        problem(
                given().urlEncodingEnabled(false)
                        .when()
                        .get("/api/v1/restores/a%00b")
                        .then(),
                404,
                "RESTORE_NOT_FOUND");
    }

    @Test
    void aListContinuesOnlyBehindALabel() {
        problem(
                given().urlEncodingEnabled(false)
                        .when()
                        .get("/api/v1/restores?continue=%00")
                        .then(),
                400,
                "INVALID_NAME");
    }

    @Test
    void anUnknownSnapshotIsRefusedAndLeavesNothing() {
        problem(Scene.post(Map.of("name", "of-nothing", "snapshot", "nowhere")), 404, "SNAPSHOT_NOT_FOUND");

        problem(when().get("/api/v1/restores/of-nothing").then(), 404, "RESTORE_NOT_FOUND");
    }

    @Test
    void aSnapshotThatIsNotSealedIsRefused() {
        snapshots.isTaking("half-done", scene.workload);

        problem(Scene.post(Map.of("snapshot", "half-done")), 409, "SNAPSHOT_NOT_SEALED")
                .body("detail", equalTo("Snapshot half-done is running"));
    }

    @Test
    void aWorkloadOnWhichASnapshotWorksIsRefusedNamingIt() {
        snapshots.isLockedBy(scene.workload, "snapshot tuesday");

        problem(Scene.post(Map.of("name", "too-early", "snapshot", scene.snapshot)), 409, "WORKLOAD_BUSY")
                .body("detail", equalTo(scene.workload + " is locked by snapshot tuesday"));

        problem(when().get("/api/v1/restores/too-early").then(), 404, "RESTORE_NOT_FOUND");
        snapshots.isLockedBy(scene.workload, null);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 500, 503})
    void aSnapshotServiceWithoutAnAnswerIsUnavailableAndNothingBegins(int status) {
        snapshots.answersWith(status);

        problem(scene.ask("unanswered" + Math.abs(status), true), 503, "UNAVAILABLE");

        problem(when().get("/api/v1/restores/unanswered" + Math.abs(status)).then(), 404, "RESTORE_NOT_FOUND");
    }

    @Test
    void aNameIsTakenOnce() {
        scene.ask("taken", true).statusCode(202);
        Scene.awaitEnd("taken");

        problem(scene.ask("taken", true), 409, "RESTORE_NAME_IN_USE")
                .body("detail", equalTo("A restore taken of snapshot " + scene.snapshot + " exists"));
    }

    @Test
    void restoresAreListedByNamePageByPage() {
        List<String> names = List.of("page-a", "page-b", "page-c");
        names.forEach(name -> {
            scene.ask(name, false).statusCode(202);
            Scene.awaitEnd(name);
        });

        JsonPath first = page("page", 2);
        JsonPath second = page(first.getString("next"), 1);

        assertThat(first.getList("items.name")).containsExactly("page-a", "page-b");
        assertThat(second.getList("items.name")).containsExactly("page-c");
        assertThat(second.getList("items.phase")).containsExactly("completed");
    }

    private static JsonPath page(String after, int limit) {
        return given().queryParam("limit", limit)
                .queryParam("continue", after)
                .get("/api/v1/restores")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    @Test
    void restoresOfANamespaceAreListedByThemselves() {
        scene.ask("of-demo", false).statusCode(202);
        Scene.awaitEnd("of-demo");

        given().queryParam("namespace", "demo")
                .queryParam("continue", "of-dem")
                .get("/api/v1/restores")
                .then()
                .statusCode(200)
                .body("items.name", hasItem("of-demo"))
                .body("items.namespace", everyItem(equalTo("demo")));
        given().queryParam("namespace", "elsewhere")
                .get("/api/v1/restores")
                .then()
                .statusCode(200)
                .body("items", empty());
        problem(given().queryParam("namespace", "..").get("/api/v1/restores").then(), 400, "INVALID_NAME");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "501", "-3", "many"})
    void aPageHasAReasonableSize(String limit) {
        int status = given().queryParam("limit", limit).get("/api/v1/restores").statusCode();

        assertThat(status).isBetween(400, 404);
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        problem(when().get("/api/v1/restores/nothing").then(), 404, "RESTORE_NOT_FOUND");
        problem(when().post("/api/v1/restores/nothing/cancel").then(), 404, "RESTORE_NOT_FOUND");
        problem(when().get("/api/v1/restores/nothing/events").then(), 404, "RESTORE_NOT_FOUND");
        problem(when().get("/api/v1/restores/" + "x".repeat(2000)).then(), 404, "RESTORE_NOT_FOUND");
    }

    @Test
    void progressIsToldFromTheBeginningToTheEnd() throws Exception {
        participants.staySilentAt("verify");
        scene.ask("told", true).statusCode(202);
        await().until(() -> participants.isAskedAt("verify"));

        HttpResponse<Stream<String>> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(restores.resolve("told/events")).build(),
                        HttpResponse.BodyHandlers.ofLines());
        participants.speakAt("verify");
        List<String> lines = response.body().toList();

        List<String> events = lines.stream()
                .filter(line -> line.startsWith("event:"))
                .map(line -> line.substring("event:".length()).strip())
                .toList();
        List<JsonPath> data = lines.stream()
                .filter(line -> line.startsWith("data:"))
                .map(line -> new JsonPath(line.substring("data:".length())))
                .toList();
        assertThat(response.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        // Eleven steps that begin and end, the end of the saga, and the end of the stream.
        assertThat(events).hasSize(24).endsWith("end");
        assertThat(events.subList(0, 23)).containsOnly("progress");
        assertThat(data.subList(0, 23))
                .extracting(fact -> fact.getInt("sequence"))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(data.get(23).getString("phase")).isEqualTo("completed");
    }

    @Test
    void theInterfaceDescribesItself() {
        when().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body("paths", hasKey("/api/v1/restores"))
                .body("paths", hasKey("/api/v1/restores/{name}/events"))
                .body("components.schemas.CreateRestoreRequest.required", hasItem("snapshot"));
    }

    @Test
    void theServiceIsHealthyAndCountsWhatEnded() {
        when().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
        when().get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));

        scene.restore(true);

        when().get("/q/metrics").then().statusCode(200).body(containsString("mm_sagas_ended_total"));
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status, String reason) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("status", equalTo(status))
                .body("reason", equalTo(reason));
    }
}
