package io.memorymachine.saga.engine;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import jakarta.inject.Singleton;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;

/** The collector of traces: keeps what is exported. */
@Singleton
class Spans implements SpanExporter {
    private final List<SpanData> exported = new CopyOnWriteArrayList<>();

    /** What was exported of a trace. */
    List<SpanData> of(String traceId) {
        return exported.stream()
                .filter(span -> span.getTraceId().equals(traceId))
                .toList();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        exported.addAll(spans);
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
