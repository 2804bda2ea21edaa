package io.memorymachine.saga.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import jakarta.inject.Inject;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.memorymachine.backing.BackingServices;
import io.memorymachine.backing.PostgresServer;
import io.memorymachine.contract.envelope.Reply;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.participant.Outcome;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A database that goes away delays sagas; no message is given up for it, and no command is executed twice. */
@QuarkusTest
@WithTestResource(
        value = BackingServices.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "schema", value = "snapshot"))
class DatabaseOutageTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Longer than a message would be kept for a failure that is no outage. */
    private static final Duration AWAY = Duration.ofSeconds(4);

    @Inject
    RehearsalService service;

    @Inject
    Script script;

    private final PostgresServer shared = BackingServices.postgres();
    private final UUID id = UUID.randomUUID();
    private final CompletableFuture<Reply> usual = new CompletableFuture<>();
    private final CompletableFuture<Outcome> reserved = new CompletableFuture<>();

    @AfterEach
    void comesBack() throws IOException {
        PostgresServer.attachOrStart(options(shared.directory(), shared.port()));
    }

    private static PostgresServer.Options options(Path directory, int port) {
        PostgresServer.Options any = PostgresServer.Options.forTests(directory);
        return new PostgresServer.Options(directory, port, any.durable(), any.detached(), any.cache());
    }

    @Test
    void aReplyThatCannotBeCommittedIsCommittedLaterWithoutASecondExecution() throws IOException {
        String command = id + "/reserve/n1";
        script.deviate(command, (nth, reply) -> {
            usual.complete(reply);
            return Uni.createFrom().completionStage(reserved);
        });
        try (KafkaTap dead = new KafkaTap(Topics.DEAD_LETTER)) {
            service.start(id, Rehearsal.of(id, "n1"));
            await().atMost(PATIENCE).until(() -> script.executions(command) == 1);

            PostgresServer.stop(shared.directory());
            reserved.complete(Outcome.reply(usual.join()));
            await().during(AWAY).atMost(PATIENCE).until(() -> !shared.isRunning());
            comesBack();

            await().atMost(PATIENCE).until(() -> phase() == SagaPhase.COMPLETED);
            assertThat(script.executions(command)).isEqualTo(1);
            assertThat(dead.hear(id.toString(), 0)).isEmpty();
        }
    }

    private SagaPhase phase() {
        SagaState<Rehearsal> state = service.find(id);
        return state == null ? null : state.phase();
    }
}
