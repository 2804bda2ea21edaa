package io.memorymachine.restore;

import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.vertx.VertxContextSupport;
import io.vertx.mutiny.sqlclient.Pool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.history.HistoryCleanUp;

import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;

@RealBacking
class RestoreHistoryTest {
    @Inject
    Scene.Stage stage;

    @Inject
    HistoryCleanUp cleanUp;

    @Inject
    Pool pool;

    private Scene scene;

    @BeforeEach
    void set() {
        Awaitility.setDefaultTimeout(Scene.LONGEST);
        scene = stage.set();
    }

    @Test
    void aRestoreThatEndedLongAgoIsForgottenAndItsNameIsFree() throws Throwable {
        String id = scene.restore(false).getString("id");
        clean();
        assertThat(rows(id)).isEqualTo(2);
        grows(id, 8);

        clean();

        assertThat(rows(id)).isZero();
        when().get("/api/v1/restores/of-" + scene.snapshot).then().statusCode(404);
        assertThat(scene.restore(false).getString("phase")).isEqualTo("completed");
    }

    @Test
    void aRestoreThatRunsIsNeverForgotten() throws Throwable {
        UUID id = UUID.randomUUID();
        change("insert into restore (id, name, snapshot, phase, requested_at) values ('" + id + "', 'runs-" + id
                + "', 'x', 'RUNNING', timestamptz '2020-01-01')");
        change("insert into saga (id, type, name, phase, state, updated_at) values ('" + id
                + "', 'restore', 'x', 'RUNNING', '{}', timestamptz '2020-01-01')");

        clean();

        assertThat(rows(id.toString())).isEqualTo(2);
        change("delete from restore where id = '" + id + "'");
        change("delete from saga where id = '" + id + "'");
    }

    private void clean() throws Throwable {
        VertxContextSupport.subscribeAndAwait(cleanUp::run);
    }

    private void grows(String id, int days) {
        change("update restore set finished_at = finished_at - interval '" + days + " days' where id = '" + id + "'");
        change("update saga set updated_at = updated_at - interval '" + days + " days' where id = '" + id + "'");
    }

    private long rows(String id) {
        return pool.query("select (select count(*) from restore where id = '" + id
                        + "') + (select count(*) from saga where id = '" + id + "')")
                .execute()
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    private void change(String sql) {
        pool.query(sql).execute().await().indefinitely();
    }
}
