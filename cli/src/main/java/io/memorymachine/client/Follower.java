package io.memorymachine.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Follows a saga to its end, over as many streams as that takes: one that breaks off is opened again, begins with the saga's
 * first event, and what was handed on already is left out.
 */
public final class Follower {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Api api;
    private final Duration patience;
    private final Listener listener;

    /**
     * A follower of sagas.
     *
     * @param patience for how long it goes on trying while no stream can be had
     */
    public Follower(Api api, Duration patience, Listener listener) {
        this.api = api;
        this.patience = patience;
        this.listener = listener;
    }

    /** What is told while a saga is followed, on the caller's thread. */
    public interface Listener {
        /** Each change once and in order. */
        void changed(Progress progress);

        /** How far a step is that runs; from time to time, and of some steps only. */
        void advanced(Advance advance);

        /** A stream broke off and another is tried. */
        void reconnecting();
    }

    /**
     * Follows to the end, and returns what the last event carries: the operation as it ended.
     *
     * @throws ProblemException if the service refuses to tell
     * @throws UnreachableException if there was no stream for longer than {@code patience}
     */
    public JsonNode follow(Service service, String path) {
        HttpRequest request = api.events(service, path);
        int seen = 0;
        long lost = 0;
        Duration pause = FIRST_PAUSE;
        while (true) {
            IOException broken;
            try {
                HttpResponse<Stream<String>> response = api.http().send(request, HttpResponse.BodyHandlers.ofLines());
                refused(request, response);
                Reading reading = new Reading(seen, listener);
                Optional<JsonNode> end = reading.of(response.body());
                if (end.isPresent()) {
                    return end.get();
                }
                if (reading.seen > seen) {
                    lost = 0;
                    pause = FIRST_PAUSE;
                }
                seen = reading.seen;
                broken = new IOException("the stream of events broke off");
            } catch (IOException e) {
                broken = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnreachableException("interrupted while following", e);
            }
            long now = System.nanoTime();
            lost = lost == 0 ? now : lost;
            if (now - lost > patience.toNanos()) {
                throw Api.unreachable(request.uri(), broken);
            }
            listener.reconnecting();
            pause = sleep(pause);
        }
    }

    private static void refused(HttpRequest request, HttpResponse<Stream<String>> response) throws IOException {
        if (response.statusCode() < 400) {
            return;
        }
        try (Stream<String> lines = response.body()) {
            ProblemException problem =
                    Api.problem(request.uri(), response.statusCode(), lines.collect(Collectors.joining("\n")));
            // A proxy whose service restarts, or too many streams: that passes.
            if (response.statusCode() == 429 || response.statusCode() >= 502) {
                throw new IOException(problem.getMessage(), problem);
            }
            throw problem;
        }
    }

    private static Duration sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted while following", e);
        }
        Duration longer = pause.multipliedBy(2);
        return longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }

    /** One stream. */
    private static final class Reading {
        private final Listener listener;
        private final EventStream events = new EventStream();
        private int seen;

        Reading(int seen, Listener listener) {
            this.seen = seen;
            this.listener = listener;
        }

        /** What the end carries; empty where the stream broke off before it. */
        Optional<JsonNode> of(Stream<String> lines) throws IOException {
            try (lines) {
                for (Iterator<String> line = lines.iterator(); line.hasNext(); ) {
                    Optional<EventStream.Event> event = events.line(line.next());
                    if (event.isEmpty()) {
                        continue;
                    }
                    JsonNode data = Json.tree(event.get().data());
                    if (event.get().name().equals("end")) {
                        return Optional.of(data);
                    }
                    take(event.get(), data);
                }
                return Optional.empty();
            } catch (UncheckedIOException e) {
                // So the stream of lines says that the connection broke.
                return Optional.empty();
            }
        }

        private void take(EventStream.Event event, JsonNode data) {
            switch (event.name()) {
                case "progress" -> changed(Progress.of(data));
                case "advance" -> listener.advanced(Advance.of(data));
                default -> {
                    // Of a later version.
                }
            }
        }

        private void changed(Progress progress) {
            if (progress.sequence() > seen) {
                seen = progress.sequence();
                listener.changed(progress);
            }
        }
    }
}
