package io.memorymachine.profile;

import java.time.Duration;
import java.util.List;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.ProfileSettings;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ProfilesTest {
    private static final Duration LEASE = Duration.ofSeconds(7);

    private final Resting hazelcast = new Resting();
    private final NoneProfile none = new NoneProfile();
    private final Profiles profiles = new Profiles(List.of(hazelcast, none));

    @Test
    void aProfileIsFoundByItsName() {
        assertThat(profiles.find("hazelcast")).isSameAs(hazelcast);
        assertThat(profiles.find("none")).isSameAs(none);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "redis", "Hazelcast", "a\nb"})
    void anotherNameIsRefusedWithTheNamesThereAre(String name) {
        assertThatRefused(() -> profiles.find(name), FailureReason.UNKNOWN_PROFILE, "[hazelcast, none]");
        assertThatRefused(
                () -> profiles.settings(name, null, null), FailureReason.UNKNOWN_PROFILE, "[hazelcast, none]");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  "})
    void withoutOptionsTheApplicationIsPaused(String options) {
        assertThat(profiles.settings("hazelcast", options, LEASE))
                .isEqualTo(new ProfileSettings("hazelcast", true, LEASE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--nopause", "  --nopause ", "--nopause --nopause"})
    void noPauseMeansThatItIsNot(String options) {
        assertThat(profiles.settings("hazelcast", options, LEASE))
                .isEqualTo(new ProfileSettings("hazelcast", false, LEASE));
    }

    @Test
    void theProfileNoneNeverPauses() {
        assertThat(profiles.settings("none", null, LEASE)).isEqualTo(new ProfileSettings("none", false, LEASE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--pause", "nopause", "--nopause --fast", "--nopause=true", "--no\u0007pause"})
    void anUnknownOptionIsRefused(String options) {
        assertThatRefused(
                () -> profiles.settings("hazelcast", options, LEASE),
                FailureReason.INVALID_PROFILE_OPTION,
                "it knows --nopause");
    }

    @Test
    void theLongestPauseHasADefault() {
        assertThat(profiles.settings("hazelcast", null, null).maxPause()).isEqualTo(Profiles.DEFAULT_MAX_PAUSE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT10M0.001S"})
    void aLongestPauseOutOfBoundsIsRefused(Duration pause) {
        assertThatRefused(
                () -> profiles.settings("hazelcast", null, pause), FailureReason.INVALID_REQUEST, pause.toString());
    }

    private static void assertThatRefused(ThrowingCallable call, FailureReason reason, String said) {
        assertThatExceptionOfType(OperationFailedException.class)
                .isThrownBy(call)
                .withMessageContaining(said)
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(reason))
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContainPattern("\\p{Cntrl}"));
    }

    /** A profile that pauses; only its name matters here. */
    private static final class Resting implements QuiesceProfile {
        @Override
        public String name() {
            return "hazelcast";
        }

        @Override
        public String check(List<MemberPlacement> members, Duration timeout) {
            throw new AssertionError("not asked for");
        }

        @Override
        public String quiesce(List<MemberPlacement> members, Duration timeout) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void resume(List<MemberPlacement> members, String state, Duration timeout) {
            throw new AssertionError("not asked for");
        }

        @Override
        public Duration settling(int members, Duration clockJump) {
            return Duration.ZERO;
        }

        @Override
        public String awaitWhole(List<MemberPlacement> members, String state, Duration settling, Duration timeout) {
            throw new AssertionError("not asked for");
        }
    }
}
