package io.memorymachine.license.inbound.http;

import java.io.IOException;

import io.quarkus.test.junit.QuarkusTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.backing.BackingServices;
import io.memorymachine.backing.PostgresServer;
import io.memorymachine.license.IntegrationTest;

import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

@QuarkusTest
class DatabaseAwayTest extends IntegrationTest {
    private static final String PATH = "/api/v1/license";

    private final PostgresServer shared = BackingServices.postgres();

    @AfterEach
    void comesBack() throws IOException {
        PostgresServer.Options any = PostgresServer.Options.forTests(shared.directory());
        PostgresServer.attachOrStart(new PostgresServer.Options(
                shared.directory(), shared.port(), any.durable(), any.detached(), any.cache()));
    }

    @Test
    void requestsAreRefusedUntilTheDatabaseIsBack() throws IOException {
        when().get(PATH).then().statusCode(200);

        PostgresServer.stop(shared.directory());

        for (int i = 0; i < 20; i++) {
            when().get(PATH)
                    .then()
                    .statusCode(503)
                    .contentType("application/problem+json")
                    .body("reason", equalTo("UNAVAILABLE"))
                    .body("detail", not(containsString("Exception")));
        }
        comesBack();
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> when().get(PATH).then().statusCode(200));
    }
}
