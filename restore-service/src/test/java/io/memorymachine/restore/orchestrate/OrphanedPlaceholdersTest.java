package io.memorymachine.restore.orchestrate;

import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.vertx.VertxContextSupport;
import io.vertx.mutiny.sqlclient.Pool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.restore.RealBacking;
import io.memorymachine.restore.fakes.FakeCluster;
import io.memorymachine.restore.fakes.FakePlatform;

import static org.assertj.core.api.Assertions.assertThat;

@RealBacking
class OrphanedPlaceholdersTest {
    private static final String HELD = "33333333-0000-4000-8000-000000000000";

    @Inject
    FakePlatform platform;

    @Inject
    OrphanedPlaceholders placeholders;

    @Inject
    Pool pool;

    private final UUID restore = UUID.randomUUID();
    private final WorkloadRef workload = new WorkloadRef("demo", "left-" + restore);
    private FakeCluster cluster;

    @BeforeEach
    void run() {
        cluster = platform.runs(workload, 3, HELD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-rollback"})
    void whatARestoreThatNobodyKnowsLeftWaitingIsStartedAndTheOthersAreNotTouched(String suffix) throws Throwable {
        cluster.holdsPlaceholders(restore + suffix, 0, 2);

        look();

        assertThat(cluster.contents()).containsExactly(FakeCluster.EMPTY, HELD, FakeCluster.EMPTY);
    }

    @Test
    void whatARestoreThatGaveUpLeftWaitingIsStarted() throws Throwable {
        saga(restore, "FAILED");
        cluster.holdsPlaceholders(restore.toString(), 0, 1, 2);

        look();

        assertThat(cluster.contents()).containsOnly(FakeCluster.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RUNNING", "COMPENSATING"})
    void whatARunningRestoreWillFillIsLeftToIt(String phase) throws Throwable {
        saga(restore, phase);
        cluster.holdsPlaceholders(restore.toString(), 0, 1, 2);

        look();

        assertThat(cluster.contents()).containsOnly("PLACEHOLDER");
        change("delete from saga where id = '" + restore + "'");
    }

    @Test
    void aWorkloadOnWhichAnotherRestoreRunsIsLeftToThat() throws Throwable {
        UUID other = UUID.randomUUID();
        change("insert into restore (id, name, snapshot, namespace, workload, phase, requested_at) values ('" + other
                + "', 'r-" + other + "', 'x', '" + workload.namespace() + "', '" + workload.name()
                + "', 'RUNNING', now())");
        cluster.holdsPlaceholders(restore.toString(), 1);

        look();

        assertThat(cluster.contents()).containsExactly(HELD, "PLACEHOLDER", HELD);
        change("delete from restore where id = '" + other + "'");
        look();
        assertThat(cluster.contents()).containsExactly(HELD, FakeCluster.EMPTY, HELD);
    }

    @Test
    void aPlaceholderThatNoRestoreMadeIsLeftAlone() throws Throwable {
        cluster.holdsPlaceholders("by-hand", 1);

        look();

        assertThat(cluster.contents()).containsExactly(HELD, "PLACEHOLDER", HELD);
    }

    private void look() throws Throwable {
        VertxContextSupport.subscribeAndAwait(placeholders::start);
    }

    private void saga(UUID id, String phase) {
        change("insert into saga (id, type, name, phase, state, updated_at) values ('" + id + "', 'restore', 'x', '"
                + phase + "', '{}', now())");
    }

    private void change(String sql) {
        pool.query(sql).execute().await().indefinitely();
    }
}
