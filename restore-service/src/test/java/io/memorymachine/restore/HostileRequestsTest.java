package io.memorymachine.restore;

import java.net.URI;
import java.util.Map;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.vertx.mutiny.sqlclient.Pool;
import org.junit.jupiter.api.Test;

import io.memorymachine.testing.DatabaseContent;
import io.memorymachine.testing.http.HostileHttp;

import static org.assertj.core.api.Assertions.assertThat;

/** What nobody means to send, at every endpoint of the service's OpenAPI document. */
@RealBacking
class HostileRequestsTest {
    private static final long SEED = 20260307;

    @TestHTTPResource("/")
    URI service;

    @Inject
    ObjectMapper json;

    @Inject
    Pool pool;

    @Inject
    Scene.Stage stage;

    @Test
    void noRequestBreaksTheServiceOrChangesWhatItHasStored() {
        stage.set();
        Map<String, String> before = DatabaseContent.of(pool);

        int sent = new HostileHttp(service, json, SEED).attack();

        assertThat(sent).isGreaterThan(300);
        assertThat(DatabaseContent.of(pool)).as("seed %s", SEED).isEqualTo(before);
    }
}
