package io.memorymachine.snapshot;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.common.http.TestHTTPResource;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.contract.saga.SagaFact;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.testing.TestParticipants;

import static io.memorymachine.snapshot.Scene.SNAPSHOTS;
import static io.memorymachine.snapshot.Scene.STATE;
import static io.memorymachine.snapshot.Scene.problem;
import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@RealBacking
class SnapshotResourceTest {
    @Inject
    Scene.Stage stage;

    @Inject
    TestParticipants participants;

    @ConfigProperty(name = "mm.http.max-event-streams")
    int mostStreams;

    @TestHTTPResource("/api/v1/snapshots/")
    URI snapshots;

    private Scene scene;

    @BeforeEach
    void set() {
        scene = stage.set();
    }

    @Test
    void aSnapshotIsAcceptedAndFoundUnderItsLocation() {
        String location = Scene.post(scene.request())
                .statusCode(202)
                .header("Location", endsWith(SNAPSHOTS + "/" + scene.name))
                .body("name", equalTo(scene.name))
                .body("namespace", equalTo("demo"))
                .body("statefulset", equalTo(scene.workload.name()))
                .body("pause", equalTo(true))
                .extract()
                .header("Location");

        when().get(location).then().statusCode(200).body("name", equalTo(scene.name));
        Scene.awaitPhase(scene.name, "sealed");
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("name", "Upper", "INVALID_NAME"),
                arguments("name", "", "INVALID_NAME"),
                arguments("name", "../../etc", "INVALID_NAME"),
                arguments("name", "nul\u0000", "INVALID_NAME"),
                arguments("name", "line\nbreak", "INVALID_NAME"),
                arguments("name", "a".repeat(64), "INVALID_NAME"),
                arguments("name", "a".repeat(300), "INVALID_REQUEST"),
                arguments("name", null, "INVALID_REQUEST"),
                arguments("name", List.of("a"), "INVALID_REQUEST"),
                arguments("namespace", "..", "INVALID_NAME"),
                arguments("namespace", "$(reboot)", "INVALID_NAME"),
                arguments("namespace", null, "INVALID_REQUEST"),
                arguments("statefulset", "hz/../../etc", "INVALID_NAME"),
                arguments("statefulset", "", "INVALID_NAME"),
                arguments("statefulset", null, "INVALID_REQUEST"),
                arguments("profile", "oracle", "UNKNOWN_PROFILE"),
                arguments("profile", "", "UNKNOWN_PROFILE"),
                arguments("profile", Map.of("name", "fake"), "INVALID_REQUEST"),
                arguments("profileOptions", "--fast", "INVALID_PROFILE_OPTION"),
                arguments("profileOptions", "--nopause; reboot", "INVALID_PROFILE_OPTION"),
                arguments("profileOptions", "x".repeat(1001), "INVALID_REQUEST"),
                arguments("maxPause", "soon", "INVALID_REQUEST"),
                arguments("maxPause", "PT0S", "INVALID_REQUEST"),
                arguments("maxPause", "-PT1S", "INVALID_REQUEST"),
                arguments("maxPause", "PT10M0.001S", "INVALID_REQUEST"),
                arguments("maxPause", "PT99999999999999999H", "INVALID_REQUEST"),
                arguments("maxPause", 1e300, "INVALID_REQUEST"),
                arguments("maxPause", List.of(), "INVALID_REQUEST"),
                arguments("encrypt", "maybe", "INVALID_REQUEST"),
                arguments("encrypt", List.of(true), "INVALID_REQUEST"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aFieldThatIsWrongIsAProblemOfTheCallerAndChangesNothing(String field, Object value, String reason) {
        Map<String, Long> before = scene.rows();

        problem(Scene.post(scene.request(field, value)), 400, reason)
                .body("detail", not(containsString("\u0000")))
                .body("instance", equalTo(SNAPSHOTS));

        assertThatNothingHasChanged(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "7", "\"text\"", "{", "{\"name\":", "{}", "\u0000", "{\"name\":\"\\ud800\"}"})
    void aBodyThatIsNoRequestIsAProblemOfTheCaller(String body) {
        Map<String, Long> before = scene.rows();

        problem(given().contentType(ContentType.JSON).body(body).post(SNAPSHOTS).then(), 400, "INVALID_REQUEST");

        assertThatNothingHasChanged(before);
    }

    @Test
    void aBodyThatIsNestedWithoutEndIsAProblemOfTheCaller() {
        problem(
                given().contentType(ContentType.JSON)
                        .body("{\"name\":" + "[".repeat(5_000))
                        .post(SNAPSHOTS)
                        .then(),
                400,
                "INVALID_REQUEST");
    }

    @Test
    void aBodyLargerThanTheLimitIsRefused() {
        problem(Scene.post(scene.request("profileOptions", "x".repeat(1 << 20))), 413, "PAYLOAD_TOO_LARGE");
    }

    @Test
    void aBodyThatGrowsLargerThanTheLimitWithoutNoticeIsRefused() throws Exception {
        byte[] large = ("{\"name\":\"" + "x".repeat(1 << 20) + "\"}").getBytes(StandardCharsets.UTF_8);
        HttpResponse<Void> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(snapshots.resolve("../snapshots"))
                                .version(HttpClient.Version.HTTP_1_1)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());

        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void anotherMediaTypeOrMethodIsAProblemToo() {
        problem(
                given().contentType(ContentType.TEXT)
                        .body("name")
                        .post(SNAPSHOTS)
                        .then(),
                415,
                "INVALID_REQUEST");
        problem(when().put(SNAPSHOTS).then(), 405, "INVALID_REQUEST");
    }

    @Test
    void anUnknownWorkloadIsRefusedAndChangesNothing() {
        Map<String, Long> before = scene.rows();

        problem(Scene.post(scene.request("statefulset", "nowhere")), 404, "WORKLOAD_NOT_FOUND")
                .body("detail", equalTo("There is no workload demo/nowhere"));

        assertThatNothingHasChanged(before);
    }

    @Test
    void aWorkloadWithAMemberDownIsRefusedAndChangesNothing() {
        scene.cluster.dies(1);
        Map<String, Long> before = scene.rows();

        problem(Scene.post(scene.request()), 409, "MEMBER_DOWN")
                .body("detail", equalTo("Of 3 members of " + scene.workload + " only 2 are running"));

        assertThatNothingHasChanged(before);
    }

    @Test
    void aNameInUseIsRefusedAndChangesNothing() {
        scene.sealed();
        Map<String, Long> before = scene.rows();

        problem(Scene.post(scene.request()), 409, "SNAPSHOT_NAME_IN_USE")
                .body("detail", containsString("A snapshot " + scene.name + " of " + scene.workload + " exists"));

        assertThat(scene.rows()).isEqualTo(before);
        assertThat(scene.cluster.state()).isEqualTo(STATE);
    }

    @Test
    void aBusyWorkloadIsRefusedNamingTheHolder() {
        participants.staySilentAt("capture");
        Scene.post(scene.request()).statusCode(202);
        await().until(() -> participants.isAskedAt("capture"));
        Map<String, Long> before = scene.rows();

        problem(Scene.post(scene.request("name", "second")), 409, "WORKLOAD_BUSY")
                .body("detail", equalTo(scene.workload + " is locked by snapshot " + scene.name));

        assertThat(scene.rows()).isEqualTo(before);
        Scene.get(scene.name).body("workloadLockedBy", equalTo("snapshot " + scene.name));
        participants.speakAt("capture");
        Scene.awaitPhase(scene.name, "sealed");
    }

    @Test
    void ofManyRequestsForOneNameAtOnceOneIsAccepted() {
        List<Scene> scenes = new ArrayList<>(List.of(scene));
        IntStream.range(0, 5).forEach(i -> scenes.add(stage.another()));
        List<CompletableFuture<Integer>> answers = scenes.stream()
                .map(one -> one.request("name", scene.name))
                .map(request -> CompletableFuture.supplyAsync(
                        () -> Scene.post(request).extract().statusCode()))
                .toList();

        assertThat(answers.stream().map(CompletableFuture::join))
                .containsExactlyInAnyOrder(202, 409, 409, 409, 409, 409);
        Scene.awaitPhase(scene.name, "sealed");
    }

    @Test
    void ofManyRequestsForOneWorkloadAtOnceOneIsAccepted() {
        participants.staySilentAt("capture");
        List<CompletableFuture<Integer>> answers = IntStream.range(0, 6)
                .mapToObj(i -> scene.request("name", scene.name + "-" + i))
                .map(request -> CompletableFuture.supplyAsync(
                        () -> Scene.post(request).extract().statusCode()))
                .toList();

        assertThat(answers.stream().map(CompletableFuture::join))
                .containsExactlyInAnyOrder(202, 409, 409, 409, 409, 409);
        await().until(() -> participants.isAskedAt("capture"));
        participants.speakAt("capture");
        assertThat(scene.number("select count(*) from snapshot where workload = '" + scene.workload.name() + "'"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing",
                "Upper",
                "%00",
                "a%00b",
                "..%2f..%2fetc%2fpasswd",
                "%27%3Bdrop%20table%20snapshot%3B--",
                "%f0%9f%92%a5",
                "a%0d%0ab",
                "%25"
            })
    void whatDoesNotExistIsNotFoundWhateverItsName(String name) {
        for (String method : List.of("GET", "DELETE")) {
            problem(
                    given().urlEncodingEnabled(false)
                            .request(method, SNAPSHOTS + "/" + name)
                            .then(),
                    404,
                    "SNAPSHOT_NOT_FOUND");
        }
        problem(
                given().urlEncodingEnabled(false)
                        .post(SNAPSHOTS + "/" + name + "/cancel")
                        .then(),
                404,
                "SNAPSHOT_NOT_FOUND");
        problem(
                given().urlEncodingEnabled(false)
                        .get(SNAPSHOTS + "/" + name + "/events")
                        .then(),
                404,
                "SNAPSHOT_NOT_FOUND");
    }

    @Test
    void aLongNameIsNotRepeatedInFull() {
        String detail = problem(Scene.get("x".repeat(2000)), 404, "SNAPSHOT_NOT_FOUND")
                .extract()
                .path("detail");

        assertThat(detail).hasSizeLessThan(120);
    }

    @Test
    void snapshotsAreListedByNamePageByPageAndByNamespace() {
        List<String> names = List.of(scene.name + "-a", scene.name + "-b", scene.name + "-c");
        names.forEach(name -> {
            Scene.post(scene.request("name", name)).statusCode(202);
            Scene.awaitPhase(name, "sealed");
        });

        JsonPath first = page(Map.of("continue", scene.name, "limit", 2));
        JsonPath second = page(Map.of("continue", first.getString("next"), "limit", 1));

        assertThat(first.getList("items.name")).isEqualTo(names.subList(0, 2));
        assertThat(second.getList("items.name")).isEqualTo(names.subList(2, 3));
        assertThat(second.getList("items.phase")).containsExactly("sealed");
        assertThat(page(Map.of("namespace", "demo", "limit", 500)).getList("items.name"))
                .containsAll(names);
        JsonPath elsewhere = page(Map.of("namespace", "elsewhere"));
        assertThat(elsewhere.getList("items")).isEmpty();
        assertThat(elsewhere.getString("next")).isNull();
    }

    private static JsonPath page(Map<String, ?> query) {
        return given().queryParams(query)
                .get(SNAPSHOTS)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    @ParameterizedTest
    @CsvSource({"limit,0", "limit,501", "limit,-3", "namespace,UP", "namespace,a%00", "continue,%00", "continue,'a b'"})
    void aQueryThatIsWrongIsAProblemOfTheCaller(String parameter, String value) {
        given().urlEncodingEnabled(false)
                .get(SNAPSHOTS + "?" + parameter + "=" + value.replace(" ", "%20"))
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
    }

    @Test
    void progressIsToldFromTheBeginningToTheEnd() throws Exception {
        participants.staySilentAt("prepare");
        Scene.post(scene.request()).statusCode(202);
        await().until(() -> participants.isAskedAt("prepare"));

        HttpResponse<Stream<String>> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(snapshots.resolve(scene.name + "/events"))
                                .build(),
                        HttpResponse.BodyHandlers.ofLines());
        participants.speakAt("prepare");
        List<String> lines = response.body().toList();

        List<JsonPath> data = values(lines, "data:").stream().map(JsonPath::new).toList();
        List<String> told = data.subList(0, data.size() - 1).stream()
                .map(fact -> fact.getString("step") + " " + fact.getString("status"))
                .toList();
        List<String> expected = new ArrayList<>();
        for (String step : Scene.show(scene.name).getList("steps.name", String.class)) {
            expected.addAll(List.of(step + " started", step + " finished"));
        }
        expected.add("null completed");
        assertThat(told).isEqualTo(expected);
        assertThat(data.subList(0, told.size()))
                .extracting(fact -> fact.getInt("sequence"))
                .isEqualTo(IntStream.rangeClosed(1, told.size()).boxed().toList());
        assertThat(values(lines, "event:"))
                .hasSize(told.size() + 1)
                .endsWith("end")
                .startsWith("progress");
        assertThat(data.get(told.size()).getString("phase")).isEqualTo("sealed");
        assertThat(response.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
    }

    @Test
    void howFarAStepIsReachesWhoeverListensInTime() throws Exception {
        participants.staySilentAt("seal");
        Scene.post(scene.request()).statusCode(202);
        await().until(() -> participants.isAskedAt("seal"));
        String saga = Scene.show(scene.name).getString("id");
        List<String> lines = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> stream = HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(snapshots.resolve(scene.name + "/events"))
                                .build(),
                        HttpResponse.BodyHandlers.ofLines())
                .thenAccept(response -> response.body().forEach(lines::add));
        participants.tell("another", new SagaFact.StepAdvanced("another", "seal", "node-a", 1, 2));

        await().until(() -> {
            participants.tell(saga, new SagaFact.StepAdvanced(saga, "seal", "node-a", 1, 2));
            return lines.contains("event:advance");
        });
        participants.speakAt("seal");
        stream.get(1, TimeUnit.MINUTES);

        assertThat(lines.stream().filter(line -> line.contains("\"total\"")).distinct())
                .containsExactly("data:{\"sagaId\":\"%s\",\"step\":\"seal\",\"node\":\"node-a\",\"done\":1,\"total\":2}"
                        .formatted(saga));
        assertThat(values(lines, "id:")).doesNotHaveDuplicates();
        assertThat(values(lines, "event:")).endsWith("end");
    }

    @Test
    void progressOfWhatHasEndedIsToldToo() {
        participants.refuse("capture", new Failure(FailureReason.CRIU_FAILED, "no"));
        scene.take();

        String stream = when().get(SNAPSHOTS + "/" + scene.name + "/events")
                .then()
                .statusCode(200)
                .extract()
                .asString();

        assertThat(stream).contains("\"step\":\"resume-first\"").contains("\"status\":\"failed\"");
        assertThat(stream.strip().lines().filter(line -> line.equals("event:end")))
                .hasSize(1);
    }

    private static List<String> values(List<String> lines, String field) {
        return lines.stream()
                .filter(line -> line.startsWith(field))
                .map(line -> line.substring(field.length()).strip())
                .toList();
    }

    @Test
    void theInterfaceDescribesItself() {
        when().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body("paths", hasKey(SNAPSHOTS))
                .body("paths", hasKey(SNAPSHOTS + "/{name}/events"))
                .body("components.schemas.CreateSnapshotRequest.required", hasItem("name"));
    }

    @Test
    void theServiceIsHealthyAndCountsWhatEnded() {
        when().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
        when().get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));

        scene.sealed();

        when().get("/q/metrics").then().statusCode(200).body(containsString("mm_sagas_ended_total"));
    }

    private void assertThatNothingHasChanged(Map<String, Long> before) {
        assertThat(scene.rows()).isEqualTo(new HashMap<>(before));
        assertThat(participants.messagesThatName('"' + scene.workload.name() + '"'))
                .isEmpty();
        assertThat(scene.cluster.states()).containsExactly(STATE);
    }

    @Test
    void oneStreamTooManyIsRefusedUntilAnotherEnds() throws Exception {
        participants.staySilentAt("prepare");
        Scene.post(scene.request()).statusCode(202);
        await().until(() -> participants.isAskedAt("prepare"));
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest follow = HttpRequest.newBuilder(snapshots.resolve(scene.name + "/events"))
                .build();
        List<HttpResponse<InputStream>> streams = new ArrayList<>();
        for (int i = 0; i < mostStreams; i++) {
            streams.add(client.send(follow, HttpResponse.BodyHandlers.ofInputStream()));
        }
        assertThat(streams).extracting(HttpResponse::statusCode).containsOnly(200);

        problem(when().get(SNAPSHOTS + "/" + scene.name + "/events").then(), 429, "TOO_MANY_STREAMS");

        streams.get(0).body().close();
        await().until(() -> {
            HttpResponse<InputStream> next = client.send(follow, HttpResponse.BodyHandlers.ofInputStream());
            next.body().close();
            return next.statusCode() == 200;
        });
        participants.speakAt("prepare");
        Scene.awaitPhase(scene.name, "sealed");
        for (HttpResponse<InputStream> stream : streams) {
            stream.body().close();
        }
    }
}
