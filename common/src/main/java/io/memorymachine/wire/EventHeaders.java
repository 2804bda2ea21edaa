package io.memorymachine.wire;

import java.nio.charset.StandardCharsets;

import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * The CloudEvents attributes of a received message, in binary mode. Read here and not by the connector, which fails its whole
 * channel for a record whose {@code ce_time} or {@code ce_source} it cannot parse: one such record would stop a service for
 * good.
 */
final class EventHeaders {
    private static final String PREFIX = "ce_";
    private static final String VERSION = "1.0";

    /** Longer than any value that this product writes. */
    private static final int LONGEST = 1024;

    private final Headers headers;
    private final String id;
    private final String type;

    private EventHeaders(Headers headers) {
        this.headers = headers;
        if (!VERSION.equals(find("specversion"))) {
            throw new MalformedMessageException("not a CloudEvent: no ce_ headers of version " + VERSION, null);
        }
        this.id = require("id");
        this.type = require("type");
        require("source");
    }

    /**
     * The attributes of a message.
     *
     * @throws MalformedMessageException if it is no CloudEvent
     */
    static EventHeaders of(Message<byte[]> received) {
        return received.getMetadata(IncomingKafkaRecordMetadata.class)
                .map(record -> new EventHeaders(record.getHeaders()))
                .orElseThrow(() -> new MalformedMessageException("not a CloudEvent: no headers", null));
    }

    String id() {
        return id;
    }

    String type() {
        return type;
    }

    /** The attribute's value, or null. */
    String find(String attribute) {
        return value(PREFIX + attribute);
    }

    /** W3C trace context, or null; what is no text of its form is left out by whoever reads it. */
    String traceparent() {
        return value("traceparent");
    }

    private String value(String name) {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null) {
            return null;
        }
        if (header.value().length > LONGEST) {
            throw new MalformedMessageException(name + " has " + header.value().length + " bytes", null);
        }
        String value = new String(header.value(), StandardCharsets.UTF_8);
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new MalformedMessageException(name + " holds control characters", null);
        }
        return value;
    }

    private String require(String attribute) {
        String value = find(attribute);
        if (value == null || value.isEmpty()) {
            throw new MalformedMessageException("not a CloudEvent: no " + PREFIX + attribute, null);
        }
        return value;
    }
}
