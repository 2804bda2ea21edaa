package io.memorymachine.license.inbound.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.contract.license.LicenseFact;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.license.IntegrationTest;
import io.memorymachine.license.document.License;
import io.memorymachine.license.document.TestLicenses;

import static io.memorymachine.license.document.TestLicenses.EXPIRES;
import static io.memorymachine.license.document.TestLicenses.NOON;
import static io.memorymachine.license.document.TestLicenses.NOT_BEFORE;
import static io.memorymachine.license.document.TestLicenses.STRANGER;
import static io.memorymachine.license.document.TestLicenses.VENDOR;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

@QuarkusTest
class LicenseResourceTest extends IntegrationTest {
    private static final String PATH = "/api/v1/license";

    private static ValidatableResponse put(byte[] file) {
        return given().contentType(ContentType.JSON).body(file).put(PATH).then();
    }

    private static ValidatableResponse verify(byte[] file) {
        return given().contentType(ContentType.JSON)
                .body(file)
                .post(PATH + "/verify")
                .then();
    }

    private static void isProblem(ValidatableResponse response, FailureReason reason) {
        response.statusCode(reason.httpStatus())
                .contentType("application/problem+json")
                .body("reason", equalTo(reason.name()))
                .body("status", equalTo(reason.httpStatus()))
                .body("instance", equalTo(PATH));
    }

    @Test
    void withoutALicenceSaysSo() {
        given().get(PATH)
                .then()
                .statusCode(200)
                .body("status", equalTo("missing"))
                .body("failure.reason", equalTo("LICENSE_MISSING"))
                .body("license", nullValue());
    }

    @Test
    void aMissingLicenceDoesNotMakeTheServiceUnready() {
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
    }

    @Test
    void showsWhatWasInstalled() {
        put(VENDOR.issue(TestLicenses.terms())).statusCode(200).body("status", equalTo("valid"));

        given().get(PATH)
                .then()
                .statusCode(200)
                .body("status", equalTo("valid"))
                .body("license.id", equalTo("acme-2026"))
                .body("license.holder", equalTo(TestLicenses.terms().holder()))
                .body("license.nodes", equalTo(3))
                .body("license.pmemBytes", equalTo(64L << 30))
                .body("license.notBefore", equalTo("2026-01-01T00:00:00Z"))
                .body("license.expires", equalTo("2027-01-01T00:00:00Z"))
                .body("license.features", contains("restore", "snapshot"))
                .body("license.development", equalTo(false))
                .body("source", equalTo("http"))
                .body("installedAt", equalTo(NOON.toString()))
                .body("failure", nullValue())
                .body("usage.usedBytes", equalTo(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/octet-stream",
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/vnd.dsse.envelope.v1+json",
            })
    void takesTheFileAsAnyMediaType(String mediaType) {
        given().config(RestAssured.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .encodeContentTypeAs(mediaType, ContentType.TEXT)
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
                .contentType(mediaType)
                .body(new String(VENDOR.issue(TestLicenses.terms()), StandardCharsets.UTF_8))
                .put(PATH)
                .then()
                .statusCode(200);
    }

    @Test
    void installingIsToldOnceAndInstallingTheSameAgainIsNot() {
        License terms = TestLicenses.terms("told-once", NOON, NOT_BEFORE, EXPIRES);
        put(VENDOR.issue(terms)).statusCode(200);
        put(VENDOR.issue(terms)).statusCode(200);
        License next = TestLicenses.terms("told-next", NOON, NOT_BEFORE, EXPIRES);
        put(VENDOR.issue(next)).statusCode(200);

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(bus.facts("told-next"))
                        .isEqualTo(List.of(new LicenseFact.Installed("told-next", next.holder(), EXPIRES))));
        assertThat(bus.facts("told-once"))
                .isEqualTo(List.of(new LicenseFact.Installed("told-once", terms.holder(), EXPIRES)));
    }

    @Test
    void everyDefectHasItsReasonAndLeavesTheInstalledLicenceAlone() {
        put(VENDOR.issue(TestLicenses.terms())).statusCode(200);
        Duration day = Duration.ofDays(1);

        isProblem(put(new byte[0]), FailureReason.LICENSE_MALFORMED);
        isProblem(put("{}".getBytes(StandardCharsets.UTF_8)), FailureReason.LICENSE_MALFORMED);
        isProblem(put(STRANGER.issue(TestLicenses.terms())), FailureReason.LICENSE_WRONG_KEY);
        isProblem(put(tampered()), FailureReason.LICENSE_TAMPERED);
        isProblem(put(VENDOR.issue(TestLicenses.developmentTerms())), FailureReason.LICENSE_DEVELOPMENT_ONLY);
        isProblem(put(VENDOR.issue(TestLicenses.terms("old", NOON, NOT_BEFORE, NOON))), FailureReason.LICENSE_EXPIRED);
        isProblem(
                put(VENDOR.issue(TestLicenses.terms("early", NOON, NOON.plus(day), EXPIRES))),
                FailureReason.LICENSE_NOT_YET_VALID);

        given().get(PATH).then().body("status", equalTo("valid")).body("license.id", equalTo("acme-2026"));
    }

    @Test
    void aLicenceThatExpiredMeanwhileIsShownAsInvalid() {
        install(TestLicenses.terms());
        clock.set(EXPIRES);

        given().get(PATH)
                .then()
                .statusCode(200)
                .body("status", equalTo("invalid"))
                .body("failure.reason", equalTo("LICENSE_EXPIRED"))
                .body("license.id", equalTo("acme-2026"));
    }

    @Test
    void aChangedRowIsATamperedLicence() {
        install(TestLicenses.terms());
        sql("update installed_license set document = convert_to(replace(convert_from(document, 'UTF8'),"
                + " '\"payload\" : \"ew', '\"payload\" : \"fA'), 'UTF8')");

        given().get(PATH)
                .then()
                .statusCode(200)
                .body("status", equalTo("invalid"))
                .body("failure.reason", equalTo("LICENSE_TAMPERED"))
                .body("license", nullValue());
    }

    @Test
    void verifyingAnswersAndInstallsNothing() {
        verify(VENDOR.issue(TestLicenses.terms()))
                .statusCode(200)
                .body("valid", equalTo(true))
                .body("license.nodes", equalTo(3))
                .body("failure", nullValue());
        verify(tampered())
                .statusCode(200)
                .body("valid", equalTo(false))
                .body("license", nullValue())
                .body("failure.reason", equalTo("LICENSE_TAMPERED"));
        verify(VENDOR.issue(TestLicenses.terms("old", NOON, NOT_BEFORE, NOON)))
                .statusCode(200)
                .body("valid", equalTo(false))
                .body("license.id", equalTo("old"))
                .body("failure.reason", equalTo("LICENSE_EXPIRED"));

        given().get(PATH).then().body("status", equalTo("missing"));
    }

    @Test
    void aFileLargerThanConfiguredIsRefused() {
        isProblem(put(new byte[16 * 1024 + 1]), FailureReason.PAYLOAD_TOO_LARGE);
        isProblem(put(new byte[16 * 1024]), FailureReason.LICENSE_MALFORMED);
        given().contentType(ContentType.BINARY)
                .body(new byte[300 * 1024])
                .put(PATH)
                .then()
                .statusCode(413);
    }

    @Test
    void hostileBodiesAreNeverADefectOfOurs() {
        Random random = new Random(7);
        byte[] good = VENDOR.issue(TestLicenses.terms());
        for (int round = 0; round < 200; round++) {
            byte[] body = good.clone();
            if (round % 2 == 0) {
                body = new byte[random.nextInt(4096)];
                random.nextBytes(body);
            } else {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            put(body).statusCode(lessThan(500)).body(not(containsString("Exception")));
            verify(body).statusCode(200).body("valid", anyOf(is(true), is(false)));
        }
    }

    @Test
    void theApiIsDescribed() {
        String openApi =
                given().accept("application/json").get("/q/openapi?format=json").asString();

        assertThat(openApi).contains("/api/v1/license/verify", "LicenseView", "application/problem+json");
    }

    private static byte[] tampered() {
        String file = new String(VENDOR.issue(TestLicenses.terms()), StandardCharsets.UTF_8);
        // The first bytes of the payload: '{\n' becomes '|\n'.
        return file.replace("\"payload\" : \"ew", "\"payload\" : \"fA").getBytes(StandardCharsets.UTF_8);
    }
}
