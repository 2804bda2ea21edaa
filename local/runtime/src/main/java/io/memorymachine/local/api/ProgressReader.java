package io.memorymachine.local.api;

import java.util.concurrent.Flow;
import java.util.function.Consumer;

import io.memorymachine.client.EventStream;
import io.memorymachine.local.Json;

/** Reads the progress of one saga from one stream after the other; hands on each event once. */
final class ProgressReader {
    private final Consumer<Progress> each;
    private int seen;
    private volatile boolean over;

    ProgressReader(Consumer<Progress> each) {
        this.each = each;
    }

    /** Whether the saga is over and everything was handed on. */
    boolean over() {
        return over;
    }

    /** The reader of a new stream, which starts with the saga's first event. */
    Flow.Subscriber<String> open() {
        return new Lines();
    }

    private synchronized void take(EventStream.Event event) {
        if (event.name().equals("end")) {
            over = true;
        } else if (event.name().equals("progress")) {
            Progress progress = Json.parse(event.data(), Progress.class);
            if (progress.sequence() > seen) {
                seen = progress.sequence();
                each.accept(progress);
            }
        }
    }

    private final class Lines implements Flow.Subscriber<String> {
        private final EventStream events = new EventStream();

        @Override
        public void onSubscribe(Flow.Subscription given) {
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            events.line(line).ifPresent(ProgressReader.this::take);
        }

        @Override
        public void onError(Throwable failure) {
            // Whoever asked for the stream gets it too, with the response.
        }

        @Override
        public void onComplete() {
            // The last event says whether the saga is over; the end of a stream says nothing.
        }
    }
}
