package io.memorymachine.license.participant.authorize;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import io.quarkus.test.junit.QuarkusTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Correlation;
import io.memorymachine.contract.envelope.Message;
import io.memorymachine.contract.envelope.Topics;
import io.memorymachine.contract.license.LicenseCommand.AuthorizeOperation;
import io.memorymachine.contract.license.LicenseCommand.ReleaseAuthorization;
import io.memorymachine.contract.license.LicenseReply.Authorized;
import io.memorymachine.contract.license.LicenseReply.Released;
import io.memorymachine.contract.pmem.PmemFact.UsageReported;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.license.IntegrationTest;
import io.memorymachine.license.document.License;
import io.memorymachine.license.document.TestLicenses;

import static io.memorymachine.license.document.TestLicenses.EXPIRES;
import static io.memorymachine.license.document.TestLicenses.NOON;
import static org.assertj.core.api.Assertions.assertThat;

/** Commands over the broker, answered from the database. */
@QuarkusTest
class LicenseCommandsTest extends IntegrationTest {
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final long GIB = 1L << 30;

    private static AuthorizeOperation snapshot(String operation, long bytes, String... nodes) {
        return new AuthorizeOperation(operation, License.SNAPSHOT, List.of(nodes), bytes, LEASE);
    }

    private Message ask(AuthorizeOperation command) {
        return bus.reply(bus.send(command));
    }

    private void assertRefused(FailureReason reason, Message reply) {
        assertThat(reply).isInstanceOfSatisfying(CommandFailed.class, failed -> {
            assertThat(failed.failure().reason()).isEqualTo(reason);
            assertThat(failed.retryable()).isFalse();
        });
    }

    private void assertGranted(Message reply) {
        assertThat(reply).isInstanceOf(Authorized.class);
    }

    private void report(String node, long live, long snapshots, Instant at) {
        bus.tell(new UsageReported(node, "emulated", 100 * GIB, live, snapshots, 7 * GIB, 9 * GIB, GIB, at, null));
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(
                        () -> assertThat(count("node_usage where node = '" + node + "' and live_bytes = " + live))
                                .isEqualTo(1));
    }

    @Test
    void grantsALeaseToTheTimeAskedFor() {
        install(TestLicenses.terms());

        assertThat(ask(snapshot("op", GIB, "a", "b")))
                .isEqualTo(new Authorized("op", TestLicenses.terms().holder(), NOON.plus(LEASE)));
        assertThat(count("license_lease")).isEqualTo(1);
    }

    @Test
    void aLeaseIsNeverLongerThanConfigured() {
        install(TestLicenses.terms());

        assertThat(ask(new AuthorizeOperation(
                        "op", License.RESTORE, List.of("a"), 0, Duration.ofSeconds(Long.MAX_VALUE))))
                .isEqualTo(new Authorized("op", TestLicenses.terms().holder(), NOON.plus(Duration.ofHours(24))));
    }

    @Test
    void withoutALicenceNothingIsGranted() {
        assertRefused(FailureReason.LICENSE_MISSING, ask(snapshot("op", 0, "a")));
        assertThat(count("license_lease")).isZero();
    }

    @Test
    void anExpiredLicenceGrantsNothing() {
        install(TestLicenses.terms());
        clock.set(EXPIRES);

        assertRefused(FailureReason.LICENSE_EXPIRED, ask(snapshot("op", 0, "a")));
    }

    @Test
    void aFeatureThatIsNotInTheLicenceIsRefused() {
        install(TestLicenses.terms("restore-only", 3, GIB, Set.of(License.RESTORE)));

        assertRefused(FailureReason.LICENSE_FEATURE_MISSING, ask(snapshot("op", 0, "a")));
    }

    @Test
    void nodesOfRunningOperationsAndReportingNodesCountOnceEach() {
        install(TestLicenses.terms());
        report("a", 1, 1, NOON);
        assertGranted(ask(snapshot("op-1", 0, "a", "b")));
        assertGranted(ask(snapshot("op-2", 0, "b", "c")));

        assertRefused(FailureReason.LICENSE_NODES_EXCEEDED, ask(snapshot("op-3", 0, "d")));
        assertThat(count("license_lease")).isEqualTo(2);
    }

    @Test
    void capacityIsWhatIsUsedPlusPromisedPlusAskedFor() {
        install(TestLicenses.terms());
        report("a", 20 * GIB, 10 * GIB, NOON);
        report("b", 10 * GIB, 4 * GIB, NOON);
        assertGranted(ask(snapshot("op-1", 10 * GIB, "a")));

        assertRefused(FailureReason.LICENSE_CAPACITY_EXCEEDED, ask(snapshot("op-2", 10 * GIB + 1, "a")));
        assertGranted(ask(snapshot("op-3", 10 * GIB, "a")));
    }

    @Test
    void anOlderReportDoesNotReplaceALaterOne() {
        install(TestLicenses.terms());
        report("a", 64 * GIB, 0, NOON);
        bus.tell(new UsageReported("a", "emulated", GIB, 1, 0, 0, 0, 0, NOON.minusSeconds(1), 0));
        report("marker", 1, 0, NOON);

        assertRefused(FailureReason.LICENSE_CAPACITY_EXCEEDED, ask(snapshot("op", 1, "a")));
    }

    @Test
    void aReportFromTheFutureCountsAsOneOfNow() {
        report("a", 5, 0, NOON.plus(Duration.ofDays(900)));
        report("a", 6, 0, NOON);
    }

    @Test
    void aNodeThatHasNotReportedForLongDoesNotCount() {
        install(TestLicenses.terms());
        report("gone-1", GIB, 0, NOON.minus(Duration.ofHours(1)).minusSeconds(1));
        report("gone-2", GIB, 0, NOON.minus(Duration.ofHours(2)));

        assertGranted(ask(snapshot("op", 64 * GIB, "a", "b", "c")));
    }

    @Test
    void aRepeatedCommandGetsTheRecordedReplyAndOneLease() {
        install(TestLicenses.terms());
        AuthorizeOperation command = snapshot("op", 40 * GIB, "a");
        Correlation correlation = bus.send(command);
        Message first = bus.reply(correlation);
        clock.set(NOON.plusSeconds(60));
        bus.send(
                command,
                new Correlation(
                        correlation.sagaId(), correlation.step(), correlation.commandKey(), 2, correlation.replyTo()));

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(bus.replies(correlation)).isEqualTo(List.of(first, first)));
        assertThat(count("license_lease")).isEqualTo(1);
    }

    @Test
    void askingAgainForAnOperationRenewsItsLease() {
        install(TestLicenses.terms());
        assertGranted(ask(snapshot("op", 40 * GIB, "a")));
        clock.set(NOON.plusSeconds(60));

        assertThat(ask(snapshot("op", 64 * GIB, "a", "b")))
                .isEqualTo(new Authorized(
                        "op",
                        TestLicenses.terms().holder(),
                        NOON.plusSeconds(60).plus(LEASE)));
        assertThat(count("license_lease")).isEqualTo(1);
    }

    @Test
    void releasingGivesTheCapacityBackAndMayBeRepeated() {
        install(TestLicenses.terms());
        assertGranted(ask(snapshot("op-1", 64 * GIB, "a")));

        assertThat(bus.reply(bus.send(new ReleaseAuthorization("op-1")))).isEqualTo(new Released("op-1"));
        assertThat(bus.reply(bus.send(new ReleaseAuthorization("op-1")))).isEqualTo(new Released("op-1"));
        assertGranted(ask(snapshot("op-2", 64 * GIB, "a")));
    }

    @Test
    void aLeaseCountsUntilItsEnd() {
        install(TestLicenses.terms());
        assertGranted(ask(snapshot("op-1", 64 * GIB, "a")));
        clock.set(NOON.plus(LEASE).minusNanos(1_000));
        assertRefused(FailureReason.LICENSE_CAPACITY_EXCEEDED, ask(snapshot("op-2", 1, "a")));
        clock.set(NOON.plus(LEASE));

        assertGranted(ask(snapshot("op-3", 1, "a")));
    }

    @Test
    void ofManyAtOnceOnlySoManyAreGrantedAsFit() {
        install(TestLicenses.terms());
        List<Correlation> sent = IntStream.range(0, 24)
                .mapToObj(i -> bus.send(snapshot("op-" + i, 20 * GIB, "a")))
                .toList();

        List<Message> replies = sent.stream().map(bus::reply).toList();

        assertThat(replies).filteredOn(Authorized.class::isInstance).hasSize(3);
        assertThat(replies)
                .filteredOn(CommandFailed.class::isInstance)
                .hasSize(21)
                .allSatisfy(reply -> assertRefused(FailureReason.LICENSE_CAPACITY_EXCEEDED, reply));
        assertThat(count("license_lease")).isEqualTo(3);
    }

    @Test
    void incompleteCommandsAreRefusedAndBlockNothing() {
        install(TestLicenses.terms());
        List<AuthorizeOperation> bad = Arrays.asList(
                new AuthorizeOperation(null, License.SNAPSHOT, List.of("a"), 0, LEASE),
                new AuthorizeOperation("x".repeat(201), License.SNAPSHOT, List.of("a"), 0, LEASE),
                new AuthorizeOperation("op", null, List.of("a"), 0, LEASE),
                new AuthorizeOperation("op", License.SNAPSHOT, null, 0, LEASE),
                new AuthorizeOperation("op", License.SNAPSHOT, List.of(), 0, LEASE),
                new AuthorizeOperation("op", License.SNAPSHOT, Collections.singletonList(null), 0, LEASE),
                new AuthorizeOperation("op", License.SNAPSHOT, List.of("a\u0000b"), 0, LEASE),
                new AuthorizeOperation("op", License.SNAPSHOT, List.of("a"), -1, LEASE),
                new AuthorizeOperation("op", License.SNAPSHOT, List.of("a"), 0, Duration.ZERO),
                new AuthorizeOperation("op", License.SNAPSHOT, List.of("a"), 0, null));

        for (AuthorizeOperation command : bad) {
            assertRefused(FailureReason.INVALID_REQUEST, ask(command));
        }
        assertRefused(FailureReason.INVALID_REQUEST, bus.reply(bus.send(new ReleaseAuthorization(null))));
        assertGranted(ask(snapshot("op", 0, "a")));
    }

    @Test
    void poisonGoesToTheDeadLettersAndBlocksNothing() {
        install(TestLicenses.terms());
        byte[] poison = ("poison " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
        byte[] noEvent = ("no event " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
        byte[] report = ("{\"node\":\"" + UUID.randomUUID() + "\",\"live\":-1}").getBytes(StandardCharsets.UTF_8);
        bus.sendRaw(Topics.LICENSE_COMMANDS, "io.memorymachine.license.authorize.v1", poison);
        bus.sendRaw(Topics.LICENSE_COMMANDS, null, noEvent);
        bus.sendRaw(Topics.EVENTS, "io.memorymachine.pmem.usage-reported.v1", poison);
        bus.sendRaw(Topics.EVENTS, "io.memorymachine.pmem.usage-reported.v1", report);
        bus.sendRaw(Topics.EVENTS, null, noEvent);

        bus.awaitDeadLetter(poison);
        bus.awaitDeadLetter(noEvent);
        bus.awaitDeadLetter(report);
        assertGranted(ask(snapshot("op", 0, "a")));
        report("a", 3, 0, NOON);
    }
}
