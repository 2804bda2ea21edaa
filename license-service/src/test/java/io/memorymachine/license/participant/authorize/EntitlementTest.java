package io.memorymachine.license.participant.authorize;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.memorymachine.contract.license.LicenseCommand.AuthorizeOperation;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.license.document.License;
import io.memorymachine.license.document.TestLicenses;
import io.memorymachine.license.store.Commitments;

import static io.memorymachine.license.document.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

class EntitlementTest {
    private static final Commitments NOTHING = new Commitments(Set.of(), 0, 0, 0);

    private static AuthorizeOperation request(long bytes, String... nodes) {
        return new AuthorizeOperation("op", License.SNAPSHOT, List.of(nodes), bytes, Duration.ofMinutes(1));
    }

    private static License licence(int nodes, long bytes) {
        return TestLicenses.terms("l", nodes, bytes, Set.of(License.SNAPSHOT));
    }

    @Test
    void exactlyTheLicensedBytesAreCoveredAndOneMoreIsNot() {
        Commitments others = new Commitments(Set.of("a"), 60, 30, 1);

        assertThatCode(() -> Entitlement.requireCovered(licence(1, 100), request(10, "a"), others))
                .doesNotThrowAnyException();
        assertRefused(
                FailureReason.LICENSE_CAPACITY_EXCEEDED,
                () -> Entitlement.requireCovered(licence(1, 100), request(11, "a"), others));
    }

    @Test
    void exactlyTheLicensedNodesAreCoveredAndOneMoreIsNot() {
        Commitments others = new Commitments(Set.of("a", "b"), 0, 0, 0);

        assertThatCode(() -> Entitlement.requireCovered(licence(3, 100), request(0, "b", "c", "c"), others))
                .doesNotThrowAnyException();
        assertRefused(
                FailureReason.LICENSE_NODES_EXCEEDED,
                () -> Entitlement.requireCovered(licence(3, 100), request(0, "c", "d"), others));
    }

    @Test
    void anOperationThatAddsNothingIsCoveredByALicenceThatHasBeenOutgrown() {
        Commitments others = new Commitments(Set.of("a"), 1_000, 0, 0);

        assertThatCode(() -> Entitlement.requireCovered(licence(1, 100), request(0, "a"), others))
                .doesNotThrowAnyException();
    }

    @Test
    void hugeNumbersDoNotWrapAround() {
        Commitments others = new Commitments(Set.of(), Long.MAX_VALUE, Long.MAX_VALUE, 2);

        assertThat(others.totalBytes()).isEqualTo(Long.MAX_VALUE);
        assertRefused(
                FailureReason.LICENSE_CAPACITY_EXCEEDED,
                () -> Entitlement.requireCovered(licence(1, 100), request(Long.MAX_VALUE, "a"), others));
    }

    @Test
    void anUnknownFeatureIsRefusedWithoutBeingQuoted() {
        AuthorizeOperation request = new AuthorizeOperation("op", "<script>", List.of("a"), 0, Duration.ofMinutes(1));

        assertThat(assertRefused(
                                FailureReason.LICENSE_FEATURE_MISSING,
                                () -> Entitlement.requireCovered(licence(1, 1), request, NOTHING))
                        .getMessage())
                .doesNotContain("script");
    }
}
