package io.memorymachine.saga.engine;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A saga as it is stored. */
@Entity
@Table(name = "saga")
class SagaRow {
    @Id
    UUID id;

    @Column(nullable = false)
    String type;

    @Column(nullable = false)
    String name;

    @Column(nullable = false)
    String phase;

    /** When it wants to be woken if nothing happens before; null for never. */
    @Column(name = "wake_at")
    Instant wakeAt;

    /** The state as JSON. */
    @Column(nullable = false)
    String state;

    @Column
    String traceparent;

    @Column(name = "updated_at", nullable = false)
    Instant updatedAt;
}
