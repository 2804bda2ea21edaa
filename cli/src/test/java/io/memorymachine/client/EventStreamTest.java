package io.memorymachine.client;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.memorymachine.client.EventStream.Event;

import static org.assertj.core.api.Assertions.assertThat;

class EventStreamTest {
    @Test
    void anEventEndsAtAnEmptyLine() {
        assertThat(events("event:progress", "data:{\"a\":1}", "", "event: end", "data: x", ""))
                .containsExactly(new Event("progress", "{\"a\":1}"), new Event("end", "x"));
    }

    @Test
    void linesOfDataAreJoinedAndOtherFieldsIgnored() {
        assertThat(events(": hello", "id: 4", "data: one", "retry: 10", "data: two", ""))
                .containsExactly(new Event("message", "one\ntwo"));
    }

    @Test
    void anEventWithoutDataIsNone() {
        assertThat(events("event: end", "", "")).isEmpty();
    }

    private static List<Event> events(String... lines) {
        EventStream stream = new EventStream();
        List<Event> events = new ArrayList<>();
        Stream.of(lines).forEach(line -> stream.line(line).ifPresent(events::add));
        return events;
    }
}
