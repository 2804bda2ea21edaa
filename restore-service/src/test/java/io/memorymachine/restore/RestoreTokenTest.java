package io.memorymachine.restore;

import java.util.Map;

import jakarta.inject.Inject;

import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;

import io.memorymachine.restore.fakes.FakeSnapshots;
import io.memorymachine.testing.GuardedApi;
import io.memorymachine.testing.TokenRequired;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

@RealBacking
@TestProfile(TokenRequired.class)
class RestoreTokenTest extends GuardedApi {
    @Inject
    Scene.Stage stage;

    @Inject
    FakeSnapshots snapshots;

    @Override
    protected Map<String, Integer> paths() {
        return Map.of("/api/v1/restores", 200, "/api/v1/restores/none", 404, "/api/v1/restores/none/events", 404);
    }

    @Test
    void snapshotServiceIsSentTheTokenAndTheProgressIsStreamedToWhoSendsIt() {
        Scene scene = stage.set();
        snapshots.asksFor(TokenRequired.TOKEN);

        ask("with-token", scene.snapshot).statusCode(202);

        given().header("Authorization", "Bearer " + TokenRequired.TOKEN)
                .get("/api/v1/restores/with-token/events")
                .then()
                .statusCode(200)
                .body(containsString("event:end"));
        given().get("/api/v1/restores/with-token/events").then().statusCode(401);
    }

    @Test
    void aSnapshotServiceThatWantsAnotherTokenIsUnavailable() {
        Scene scene = stage.set();
        snapshots.asksFor("another");

        ask("with-a-wrong-token", scene.snapshot)
                .statusCode(503)
                .body("reason", equalTo("UNAVAILABLE"))
                .body("detail", containsString("401"));
    }

    private static ValidatableResponse ask(String name, String snapshot) {
        return given().header("Authorization", "Bearer " + TokenRequired.TOKEN)
                .contentType(ContentType.JSON)
                .body(Map.of("name", name, "snapshot", snapshot))
                .post("/api/v1/restores")
                .then();
    }
}
