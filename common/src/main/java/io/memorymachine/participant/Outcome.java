package io.memorymachine.participant;

import java.util.List;
import java.util.function.Function;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import io.memorymachine.contract.envelope.Fact;
import io.memorymachine.contract.envelope.Reply;

/**
 * What came of a command: values that the dispatcher writes in one transaction with the inbox row.
 *
 * @param reply what the orchestrator gets, or null where it comes later (a command that starts a saga is answered by the
 *     saga's end)
 * @param facts what everybody is told
 * @param store changes to the service's own tables, in that transaction; null for none. If it fails with an
 *     {@link io.memorymachine.failure.OperationFailedException}, nothing is written and the command is refused: for checks
 *     that need the transaction's locks
 */
public record Outcome(Reply reply, List<Fact> facts, Function<Mutiny.Session, Uni<Void>> store) {
    /** Only a reply. */
    public static Outcome reply(Reply reply, Fact... facts) {
        return new Outcome(reply, List.of(facts), null);
    }

    /** This outcome with changes to the service's own tables. */
    public Outcome storing(Function<Mutiny.Session, Uni<Void>> changes) {
        return new Outcome(reply, facts, changes);
    }
}
