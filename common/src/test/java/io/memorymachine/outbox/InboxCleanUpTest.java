package io.memorymachine.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.Test;

import io.memorymachine.backing.BackingServices;

import static org.assertj.core.api.Assertions.assertThat;

@QuarkusTest
@WithTestResource(
        value = BackingServices.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "schema", value = "snapshot"))
class InboxCleanUpTest {
    @Inject
    InboxCleanUp cleanUp;

    @Inject
    Mutiny.SessionFactory sessions;

    @Inject
    Clock clock;

    @Test
    void commandsAreForgottenAfterSevenDays() throws Throwable {
        String old = handled(Duration.ofDays(7).plusMinutes(1));
        String recent = handled(Duration.ofDays(7).minusMinutes(1));

        VertxContextSupport.subscribeAndAwait(cleanUp::run);

        List<String> kept = VertxContextSupport.subscribeAndAwait(() ->
                sessions.withSession(session -> session.createSelectionQuery(
                                "select commandKey from InboxRow where commandKey in (:keys)", String.class)
                        .setParameter("keys", List.of(old, recent))
                        .getResultList()));
        assertThat(kept).containsExactly(recent);
    }

    private String handled(Duration ago) throws Throwable {
        String key = UUID.randomUUID() + "/step/any";
        Instant at = clock.instant().minus(ago);
        VertxContextSupport.subscribeAndAwait(
                () -> sessions.withTransaction(session -> session.persist(new InboxRow(key, null, null, at))));
        return key;
    }
}
