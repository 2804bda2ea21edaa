package io.memorymachine.client;

import java.util.Optional;

/** Puts server-sent events together from their lines, as the HTML standard defines the format. */
public final class EventStream {
    private String name = "";
    private final StringBuilder data = new StringBuilder();
    private boolean any;

    /**
     * Takes the next line.
     *
     * @return the event that this line ends, if it ends one
     */
    public Optional<Event> line(String line) {
        if (line.isEmpty()) {
            return dispatch();
        }
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
        switch (field) {
            case "event" -> name = value;
            case "data" -> {
                data.append(any ? "\n" : "").append(value);
                any = true;
            }
            default -> {
                // Comments, ids and retry times are of no use here.
            }
        }
        return Optional.empty();
    }

    private Optional<Event> dispatch() {
        Optional<Event> event =
                any ? Optional.of(new Event(name.isEmpty() ? "message" : name, data.toString())) : Optional.empty();
        name = "";
        data.setLength(0);
        any = false;
        return event;
    }

    /** One event. */
    public record Event(String name, String data) {}
}
