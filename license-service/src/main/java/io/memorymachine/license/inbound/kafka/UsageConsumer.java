package io.memorymachine.license.inbound.kafka;

import java.time.Clock;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import io.memorymachine.contract.pmem.PmemFact.UsageReported;
import io.memorymachine.license.store.LedgerStore;
import io.memorymachine.wire.CloudEventCodec;
import io.memorymachine.wire.MalformedMessageException;

/**
 * Keeps what nodes report of their volumes. Other facts are passed over without being decoded. A report that cannot be
 * stored is dropped: the node reports again.
 */
@ApplicationScoped
public class UsageConsumer {
    private static final Logger LOG = Logger.getLogger(UsageConsumer.class);
    private static final String USAGE = io.memorymachine.contract.envelope.Message.wireType(UsageReported.class);
    private static final int MAX_NODE_NAME = 253;

    private final CloudEventCodec codec;
    private final LedgerStore ledger;
    private final Mutiny.SessionFactory sessions;
    private final Clock clock;

    @Inject
    UsageConsumer(CloudEventCodec codec, LedgerStore ledger, Mutiny.SessionFactory sessions, Clock clock) {
        this.codec = codec;
        this.ledger = ledger;
        this.sessions = sessions;
        this.clock = clock;
    }

    @Incoming("facts")
    Uni<Void> consume(Message<byte[]> received) {
        if (!USAGE.equals(CloudEventCodec.typeOf(received))) {
            return Uni.createFrom().completionStage(received.ack());
        }
        UsageReported report;
        try {
            report = (UsageReported) codec.decode(received, null).message();
        } catch (MalformedMessageException malformed) {
            LOG.warnf("Refused a report: %s", malformed.getMessage());
            return Uni.createFrom().completionStage(received.nack(malformed));
        }
        if (!plausible(report)) {
            LOG.warn("Refused a report that no node makes");
            return Uni.createFrom().completionStage(received.nack(new IllegalArgumentException("implausible report")));
        }
        // A node whose clock runs ahead must not shut out its own later reports.
        Instant now = clock.instant();
        Instant at = report.at().isAfter(now) ? now : report.at();
        return sessions.withTransaction(
                        session -> ledger.report(session, report.node(), report.live(), report.snapshots(), at))
                .onFailure()
                .invoke(failure -> LOG.warnf("node=%s its report was not stored: %s", report.node(), failure))
                .onFailure()
                .recoverWithNull()
                .chain(() -> Uni.createFrom().completionStage(received.ack()));
    }

    private static boolean plausible(UsageReported report) {
        return report.node() != null
                && !report.node().isBlank()
                && report.node().length() <= MAX_NODE_NAME
                && report.at() != null
                && report.live() >= 0
                && report.snapshots() >= 0;
    }
}
