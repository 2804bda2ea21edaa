package io.memorymachine.restore.fakes;

import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.profile.QuiesceProfile;

/** Sees whether a {@link FakeCluster} is whole. */
@ApplicationScoped
public class FakeProfile implements QuiesceProfile {
    /** The name by which manifests choose it. */
    public static final String NAME = "fake";

    private final FakePlatform platform;

    @Inject
    FakeProfile(FakePlatform platform) {
        this.platform = platform;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** As many milliseconds as there are members. */
    @Override
    public Duration settling(int members, Duration clockJump) {
        return clockJump.isNegative() ? Duration.ZERO : Duration.ofMillis(members);
    }

    @Override
    public String awaitWhole(List<MemberPlacement> members, String state, Duration settling, Duration timeout) {
        platform.cluster(members.get(0).member().workload()).awaitWhole(members, settling, timeout);
        return state == null ? "ACTIVE" : state;
    }

    @Override
    public String check(List<MemberPlacement> members, Duration timeout) {
        throw new UnsupportedOperationException("a restore quiesces nothing");
    }

    @Override
    public String quiesce(List<MemberPlacement> members, Duration timeout) {
        throw new UnsupportedOperationException("a restore quiesces nothing");
    }

    @Override
    public void resume(List<MemberPlacement> members, String state, Duration timeout) {
        throw new UnsupportedOperationException("a restore quiesces nothing");
    }
}
