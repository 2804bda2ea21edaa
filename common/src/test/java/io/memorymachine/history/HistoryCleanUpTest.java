package io.memorymachine.history;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import org.junit.jupiter.api.Test;

import io.memorymachine.backing.BackingServices;

import static org.assertj.core.api.Assertions.assertThat;

@QuarkusTest
@WithTestResource(
        value = BackingServices.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "schema", value = "snapshot"))
class HistoryCleanUpTest {
    @Inject
    HistoryCleanUp cleanUp;

    @Inject
    Pool pool;

    @Inject
    Clock clock;

    @Test
    void commandsAreForgottenAfterSevenDays() throws Throwable {
        String old = handled(Duration.ofDays(7).plusMinutes(1));
        String recent = handled(Duration.ofDays(7).minusMinutes(1));

        VertxContextSupport.subscribeAndAwait(cleanUp::run);

        assertThat(kept(old + "|" + recent)).containsExactly(recent);
    }

    @Test
    void oneRunForgetsMoreThanOneStatementDeletes() throws Throwable {
        String saga = UUID.randomUUID().toString();
        pool.preparedQuery("insert into inbox (command_key, handled_at) "
                        + "select $1 || '/step/' || n, timestamptz '2020-01-01' from generate_series(1, 1201) n")
                .execute(Tuple.of(saga))
                .await()
                .indefinitely();

        VertxContextSupport.subscribeAndAwait(cleanUp::run);

        assertThat(kept(saga + ".*")).isEmpty();
    }

    private List<String> kept(String keys) {
        List<String> kept = new ArrayList<>();
        pool.preparedQuery("select command_key from inbox where command_key ~ $1")
                .execute(Tuple.of("^(" + keys + ")$"))
                .await()
                .indefinitely()
                .forEach(row -> kept.add(row.getString(0)));
        return kept;
    }

    private String handled(Duration ago) {
        String key = UUID.randomUUID() + "/step/any";
        pool.preparedQuery("insert into inbox (command_key, handled_at) values ($1, $2)")
                .execute(Tuple.of(key, clock.instant().minus(ago).atOffset(ZoneOffset.UTC)))
                .await()
                .indefinitely();
        return key;
    }
}
