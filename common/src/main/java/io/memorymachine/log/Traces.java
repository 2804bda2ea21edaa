package io.memorymachine.log;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;

/** Carries the trace context through rows and messages, in the W3C form (https://www.w3.org/TR/trace-context/). */
public final class Traces {
    /** A context that is sampled nowhere: for messages that would only be in the way in a trace. */
    public static final String NOT_SAMPLED = "00-00000000000000000000000000000001-0000000000000001-00";

    private static final String TRACEPARENT = "traceparent";

    private static final TextMapGetter<String> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(TRACEPARENT);
        }

        @Override
        public String get(String carrier, String key) {
            return TRACEPARENT.equals(key) ? carrier : null;
        }
    };

    private Traces() {}

    /** The current trace context, or null where there is none. */
    public static String currentTraceparent() {
        if (!Span.current().getSpanContext().isValid()) {
            return null;
        }
        Map<String, String> carrier = new HashMap<>();
        W3CTraceContextPropagator.getInstance().inject(Context.current(), carrier, Map::put);
        return carrier.get(TRACEPARENT);
    }

    /** The current trace context; where there is none, this one, which may be null. */
    public static String currentOr(String traceparent) {
        String current = currentTraceparent();
        return current == null ? traceparent : current;
    }

    /** The context of a traceparent; the root context for null or a malformed one. */
    public static Context context(String traceparent) {
        return traceparent == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, GETTER);
    }
}
