package io.memorymachine.license;

import java.util.Map;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

import io.memorymachine.backing.BackingServices;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;

/** A service on Kubernetes whose API server cannot say who calls. */
@QuarkusTest
@WithTestResource(
        value = BackingServices.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "schema", value = "license"))
@WithTestResource(value = LicenseSettings.class, scope = TestResourceScope.GLOBAL)
@TestProfile(ApiServerAwayTest.NoApiServer.class)
class ApiServerAwayTest {
    private static final String API = "/api/v1/license";

    @Test
    void aCallerIsNotRefusedButAskedToComeAgain() {
        given().header("Authorization", "Bearer a-token")
                .get(API)
                .then()
                .statusCode(503)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", nullValue())
                .body("reason", equalTo("UNAVAILABLE"))
                .body("detail", containsString("The token cannot be reviewed"))
                .time(lessThan(10_000L));
    }

    @Test
    void whoSendsNoTokenIsRefusedWithoutAsking() {
        given().get(API).then().statusCode(401).body("reason", equalTo("UNAUTHENTICATED"));
    }

    /** Nothing listens at the address of the API server. */
    public static final class NoApiServer implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mm.http.auth.mode",
                    "token-review",
                    "quarkus.kubernetes-client.api-server-url",
                    "http://127.0.0.1:1");
        }
    }
}
