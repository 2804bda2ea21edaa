package io.memorymachine.pmem;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

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

    @Test
    void noRequestBreaksTheServiceOrChangesWhatItHasStored() {
        Map<String, String> before = stored();

        int sent = new HostileHttp(service, json, SEED).attack();

        assertThat(sent).isGreaterThan(100);
        assertThat(stored()).as("seed %s", SEED).isEqualTo(before);
    }

    /** Through the outbox passes once a second what the service tells by itself. */
    private Map<String, String> stored() {
        Map<String, String> content = new TreeMap<>(DatabaseContent.of(pool));
        content.remove("outbox");
        return content;
    }
}
