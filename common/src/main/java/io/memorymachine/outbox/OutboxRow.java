package io.memorymachine.outbox;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A message that waits to be published; deleted when the broker has acknowledged it. */
@Entity
@Table(name = "outbox")
class OutboxRow {
    /**
     * The order of publication. Given by the database at each insert, since instances that draw blocks of numbers would give
     * a later transaction the lower number.
     */
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    @Column(nullable = false)
    String topic;

    /** The record's key: messages of one key keep their order. */
    @Column(name = "message_key", nullable = false)
    String key;

    @Column(name = "event_id", nullable = false)
    String eventId;

    @Column(name = "wire_type", nullable = false)
    String wireType;

    @Column
    String subject;

    @Column
    String node;

    /** The correlation as JSON, or null. */
    @Column
    String correlation;

    @Column
    String traceparent;

    @Column(nullable = false)
    String data;

    @Column(name = "created_at", nullable = false)
    Instant createdAt;
}
