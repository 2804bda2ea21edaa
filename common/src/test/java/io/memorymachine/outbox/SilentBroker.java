package io.memorymachine.outbox;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.smallrye.mutiny.Uni;

import io.memorymachine.contract.envelope.Fact;

/** A broker that is told facts and does not answer, or refuses. */
public final class SilentBroker extends PassingFacts {
    private final List<Fact> told = new CopyOnWriteArrayList<>();
    private volatile Uni<Void> answer = Uni.createFrom().nothing();

    /** One that does not answer. */
    public SilentBroker() {
        super(null, null, null);
    }

    /** Refuses what it is told from now on. */
    public void refuse() {
        answer = Uni.createFrom().failure(new IllegalStateException("the broker is away"));
    }

    /** What it was told. */
    public List<Fact> told() {
        return List.copyOf(told);
    }

    @Override
    public Uni<Void> tell(String key, Fact fact) {
        return Uni.createFrom().deferred(() -> {
            told.add(fact);
            return answer;
        });
    }
}
