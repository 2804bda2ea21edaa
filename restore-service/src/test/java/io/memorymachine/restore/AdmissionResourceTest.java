package io.memorymachine.restore;

import org.junit.jupiter.api.Test;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

/** The webhook is there for API servers, which come over TLS. */
@RealBacking
class AdmissionResourceTest {
    @Test
    void withoutTlsItIsNotThere() {
        given().contentType("application/json")
                .body("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"}")
                .post("/admission/pods")
                .then()
                .statusCode(404)
                .body("detail", equalTo("Ask over TLS"));
    }
}
