package io.memorymachine.license;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.bootstrap.util.IoUtils;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.backing.KafkaBroker;
import io.memorymachine.backing.PostgresServer;
import io.memorymachine.backing.TlsMaterial;
import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.license.LicenseCommand.AuthorizeOperation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The service with a broker and a database that take nobody without TLS and a name, set as docs/SECURITY.md says. */
@QuarkusTest
@TestProfile(GuardedBackingTest.Guarded.class)
class GuardedBackingTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @Inject
    ObjectMapper json;

    @Test
    void aCommandIsAnsweredOverTlsWithSasl() {
        try (TestBus bus = new TestBus(Servers.kafka.bootstrapServers(), Servers.tls.kafkaClient(), json)) {
            var asked = bus.send(new AuthorizeOperation("op", "snapshot", List.of("a"), 0, Duration.ofHours(1)));

            assertThat(bus.reply(asked)).as("no licence is installed").isInstanceOf(CommandFailed.class);
        }
    }

    @Test
    void poisonReachesTheDeadLettersToo() {
        try (TestBus bus = new TestBus(Servers.kafka.bootstrapServers(), Servers.tls.kafkaClient(), json)) {
            byte[] poison = "poison".getBytes(StandardCharsets.UTF_8);

            bus.sendRaw(Topics.LICENSE_COMMANDS, "io.memorymachine.license.authorize.v1", poison);

            bus.awaitDeadLetter(poison);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAINTEXT", "SSL"})
    void theBrokerTakesNobodyWithoutTlsAndAName(String protocol) {
        Map<String, Object> config = new HashMap<>(Servers.tls.kafkaClient());
        config.put("bootstrap.servers", Servers.kafka.bootstrapServers());
        config.put("security.protocol", protocol);
        config.put("default.api.timeout.ms", (int) SOON.toMillis());
        config.put("request.timeout.ms", (int) SOON.toMillis());
        try (Admin admin = Admin.create(config)) {
            assertThatThrownBy(() -> admin.listTopics().names().get()).isInstanceOf(Exception.class);
        }
    }

    @Test
    void theDatabaseTakesNobodyWithoutTls() {
        assertThatThrownBy(() -> DriverManager.getConnection(
                        Servers.postgres.jdbcUrl("license") + "&sslmode=disable",
                        "license",
                        Servers.postgres.password("license")))
                .hasMessageContaining("no pg_hba.conf entry");
    }

    /** Other servers than those of the other tests. */
    public static class Guarded implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(Servers.class), new TestResourceEntry(LicenseSettings.class));
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }
    }

    /** A broker and a database with a certificate of their own, for this class only. */
    public static class Servers implements QuarkusTestResourceLifecycleManager {
        private static Path folder;
        private static TlsMaterial tls;
        private static KafkaBroker kafka;
        private static PostgresServer postgres;

        @Override
        public Map<String, String> start() {
            try {
                folder = Files.createTempDirectory("mm-guarded-");
                tls = TlsMaterial.make(folder, "store-password", "memory-machine", "user-password");
                PostgresServer.Options open = PostgresServer.Options.forTests(folder.resolve("postgres"));
                postgres = PostgresServer.start(new PostgresServer.Options(
                        open.directory(), open.port(), open.durable(), open.detached(), open.cache(), tls));
                kafka = KafkaBroker.startGuarded(folder.resolve("kafka"), tls);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Map<String, String> config = new HashMap<>();
            config.put("kafka.bootstrap.servers", kafka.bootstrapServers());
            tls.kafkaClient().forEach((name, value) -> config.put("kafka." + name, value));
            config.put("quarkus.datasource.username", "license");
            config.put("quarkus.datasource.password", postgres.password("license"));
            config.put("quarkus.datasource.reactive.url", postgres.reactiveUrl("license") + "&sslmode=verify-full");
            config.put("quarkus.datasource.reactive.hostname-verification-algorithm", "HTTPS");
            config.put("quarkus.datasource.reactive.trust-certificate-pem", "true");
            config.put(
                    "quarkus.datasource.reactive.trust-certificate-pem.certs",
                    tls.certificate().toString());
            config.put(
                    "quarkus.datasource.jdbc.url",
                    postgres.jdbcUrl("license") + "&sslmode=verify-full&sslrootcert=" + tls.certificate());
            return config;
        }

        @Override
        public void stop() {
            kafka.close();
            postgres.close();
            IoUtils.recursiveDelete(folder);
        }
    }
}
