package io.memorymachine.license;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import io.memorymachine.backing.BackingServices;
import io.memorymachine.license.document.License;
import io.memorymachine.license.document.TestLicenses;
import io.memorymachine.license.install.LicenseKeeper;

/** The whole service with a real broker and a real database; without a licence, leases and usage before each test. */
@QuarkusTest
@WithTestResource(
        value = BackingServices.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "schema", value = "license"))
@WithTestResource(value = LicenseSettings.class, scope = TestResourceScope.GLOBAL)
public abstract class IntegrationTest {
    /** For what arrives over Kafka. */
    protected static final Duration SOON = Duration.ofSeconds(20);

    @Inject
    protected TestClock clock;

    @Inject
    protected LicenseKeeper keeper;

    @Inject
    protected Mutiny.SessionFactory sessions;

    @Inject
    ObjectMapper json;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    /** The broker as other services see it. */
    protected TestBus bus;

    @BeforeEach
    void startAnew() throws IOException {
        clock.set(TestLicenses.NOON);
        Files.deleteIfExists(LicenseSettings.FILE);
        sql("update installed_license set license_id = null, document = null, source = null, installed_at = null");
        sql("delete from license_lease");
        sql("delete from node_usage");
        sql("delete from license_notice");
        bus = new TestBus(bootstrapServers, json);
    }

    @AfterEach
    void closeBus() {
        bus.close();
    }

    /** Installs a licence with those terms. */
    protected void install(License terms) {
        await(() -> keeper.install(TestLicenses.VENDOR.issue(terms), "http"));
    }

    /** Runs a statement of SQL. */
    protected int sql(String statement) {
        return inTransaction(session -> session.createNativeQuery(statement).executeUpdate());
    }

    /** Counts rows. */
    protected long count(String table) {
        return inTransaction(session -> session.createNativeQuery("select count(*) from " + table, Long.class)
                .getSingleResult());
    }

    /** Runs work in a transaction of its own and waits for it. */
    protected <T> T inTransaction(Function<Mutiny.Session, Uni<T>> work) {
        return await(() -> sessions.withTransaction(work));
    }

    /** Waits for work on an event loop. */
    protected static <T> T await(Supplier<Uni<T>> work) {
        try {
            return VertxContextSupport.subscribeAndAwait(work);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
