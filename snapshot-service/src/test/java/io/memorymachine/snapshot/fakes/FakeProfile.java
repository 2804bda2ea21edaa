package io.memorymachine.snapshot.fakes;

import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.profile.QuiesceProfile;

/** Makes {@link FakeCluster}s passive and brings them back. */
@ApplicationScoped
public class FakeProfile implements QuiesceProfile {
    /** The name by which requests choose it. */
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

    @Override
    public String check(List<MemberPlacement> members, Duration timeout) {
        return of(members).check();
    }

    @Override
    public String quiesce(List<MemberPlacement> members, Duration timeout) {
        return of(members).quiesce();
    }

    @Override
    public void resume(List<MemberPlacement> members, String state, Duration timeout) {
        of(members).resume(members, state);
    }

    @Override
    public Duration settling(int members, Duration clockJump) {
        return Duration.ZERO;
    }

    @Override
    public String awaitWhole(List<MemberPlacement> members, String state, Duration settling, Duration timeout) {
        throw new UnsupportedOperationException("a snapshot awaits nothing");
    }

    private FakeCluster of(List<MemberPlacement> members) {
        return platform.cluster(members.get(0).member().workload());
    }
}
