package io.memorymachine.saga.engine;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.log.Traces;
import io.memorymachine.saga.definition.SagaDefinition;
import io.memorymachine.saga.state.SagaPhase;
import io.memorymachine.saga.state.SagaState;

/** Reads and writes saga rows within the caller's session. */
@ApplicationScoped
class SagaStore {
    private final ObjectMapper json;
    private final Clock clock;

    @Inject
    SagaStore(ObjectMapper json, Clock clock) {
        this.json = json;
        this.clock = clock;
    }

    /** The row, locked until the transaction ends, or null. Instances that want the same saga wait for each other here. */
    Uni<SagaRow> lock(Mutiny.Session session, UUID id) {
        return session.find(SagaRow.class, id, LockModeType.PESSIMISTIC_WRITE);
    }

    /** The row as last committed, or null. */
    Uni<SagaRow> find(Mutiny.Session session, UUID id) {
        return session.find(SagaRow.class, id);
    }

    Uni<Map<String, SagaPhase>> phases(Mutiny.Session session, List<UUID> ids) {
        return session.createSelectionQuery("select id, phase from SagaRow where id in (:ids)", Object[].class)
                .setParameter("ids", ids)
                .getResultList()
                .map(rows -> rows.stream()
                        .collect(Collectors.toMap(
                                row -> row[0].toString(), row -> SagaPhase.valueOf(row[1].toString()))));
    }

    Uni<Void> insert(Mutiny.Session session, SagaState<?> state) {
        SagaRow row = new SagaRow();
        row.id = state.id();
        row.traceparent = Traces.currentTraceparent();
        write(row, state);
        return session.persist(row);
    }

    /** Changes a locked row; written when the transaction flushes. */
    void write(SagaRow row, SagaState<?> state) {
        row.type = state.type();
        row.name = state.name();
        row.phase = state.phase().name();
        row.wakeAt = state.wakeAt();
        row.updatedAt = clock.instant();
        try {
            row.state = json.writeValueAsString(state);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the state of saga " + state.id() + " cannot be written as JSON", e);
        }
    }

    <D> SagaState<D> read(SagaRow row, SagaDefinition<D> definition) {
        JavaType type = json.getTypeFactory().constructParametricType(SagaState.class, definition.dataType());
        try {
            return json.readValue(row.state, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the stored state of saga " + row.id + " cannot be read", e);
        }
    }
}
