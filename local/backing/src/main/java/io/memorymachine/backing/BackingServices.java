package io.memorymachine.backing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/**
 * Quarkus test resource: a real Kafka broker and a real PostgreSQL, one of each for the whole JVM, started by the first
 * use and shut down when the JVM ends. Init argument {@code schema}: the service whose role and schema are used.
 *
 * <pre>{@code
 * @WithTestResource(value = BackingServices.class, scope = TestResourceScope.GLOBAL,
 *         initArgs = @ResourceArg(name = "schema", value = "license"))
 * }</pre>
 */
public final class BackingServices implements QuarkusTestResourceLifecycleManager {
    private String schema;

    @Override
    public void init(Map<String, String> initArgs) {
        schema = initArgs.getOrDefault("schema", "");
        if (!PostgresServer.SCHEMAS.contains(schema)) {
            throw new IllegalArgumentException(
                    "init argument schema must be one of " + PostgresServer.SCHEMAS + ", not '" + schema + "'");
        }
    }

    @Override
    public Map<String, String> start() {
        PostgresServer postgres = postgres();
        Map<String, String> config = new HashMap<>();
        config.put("kafka.bootstrap.servers", kafka().bootstrapServers());
        config.put("quarkus.devservices.enabled", "false");
        config.put("quarkus.datasource.reactive.url", postgres.reactiveUrl(schema));
        config.put("quarkus.datasource.jdbc.url", postgres.jdbcUrl(schema));
        config.put("quarkus.datasource.username", schema);
        config.put("quarkus.datasource.password", postgres.password(schema));
        // The broker logs in this JVM too, before Quarkus has read its configuration and after.
        QuietLogging.LEVELS.forEach((category, level) -> config.put(
                "quarkus.log.category.\"" + category + "\".level", level == Level.SEVERE ? "ERROR" : "WARN"));
        return config;
    }

    /** Nothing: applications started again in this JVM get the same broker and database. */
    @Override
    public void stop() {}

    /** Returns this JVM's broker, started if it is not. */
    public static KafkaBroker kafka() {
        return Shared.INSTANCE.kafka;
    }

    /** Returns this JVM's database server, started if it is not. */
    public static PostgresServer postgres() {
        return Shared.INSTANCE.postgres;
    }

    private static final class Shared {
        private static final Shared INSTANCE = start();

        private final Path directory;
        private final KafkaBroker kafka;
        private final PostgresServer postgres;

        private Shared(Path directory, KafkaBroker kafka, PostgresServer postgres) {
            this.directory = directory;
            this.kafka = kafka;
            this.postgres = postgres;
        }

        private static Shared start() {
            QuietLogging.quieten();
            try {
                Path directory = Files.createTempDirectory("mm-backing-");
                PostgresServer postgres =
                        PostgresServer.start(PostgresServer.Options.forTests(directory.resolve("postgres")));
                KafkaBroker kafka = KafkaBroker.start(directory.resolve("kafka"), 0);
                Shared shared = new Shared(directory, kafka, postgres);
                Runtime.getRuntime().addShutdownHook(new Thread(shared::stop, "backing-shutdown"));
                return shared;
            } catch (IOException e) {
                throw new UncheckedIOException("the tests' broker and database cannot be started", e);
            }
        }

        private void stop() {
            try {
                postgres.close();
                kafka.close();
                PostgresBinaries.deleteTree(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
