package io.memorymachine.outbox;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A command that was executed, with the reply that every repetition of it gets. */
@Entity
@Table(name = "inbox")
public class InboxRow {
    /** The command's key, whatever its attempt. */
    @Id
    @Column(name = "command_key")
    String commandKey;

    /** Null where the reply comes from the end of a saga that the command began. */
    @Column(name = "reply_type")
    String replyType;

    @Column
    String reply;

    @Column(name = "handled_at", nullable = false)
    Instant handledAt;

    /** For Hibernate. */
    protected InboxRow() {}

    /** A command executed now. */
    public InboxRow(String commandKey, String replyType, String reply, Instant handledAt) {
        this.commandKey = commandKey;
        this.replyType = replyType;
        this.reply = reply;
        this.handledAt = handledAt;
    }

    /** The wire type of the recorded reply, or null. */
    public String replyType() {
        return replyType;
    }

    /** The data of the recorded reply, or null. */
    public String reply() {
        return reply;
    }
}
