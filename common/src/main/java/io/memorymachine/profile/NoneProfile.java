package io.memorymachine.profile;

import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.memorymachine.contract.workload.MemberPlacement;

/** For applications that need no rest: nothing is asked of them, and they count as whole once their processes run. */
@ApplicationScoped
public class NoneProfile implements QuiesceProfile {
    /** The name by which users choose it. */
    public static final String NAME = "none";

    private static final String ONLY_STATE = "RUNNING";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String check(List<MemberPlacement> members, Duration timeout) {
        return ONLY_STATE;
    }

    @Override
    public String quiesce(List<MemberPlacement> members, Duration timeout) {
        return ONLY_STATE;
    }

    @Override
    public void resume(List<MemberPlacement> members, String state, Duration timeout) {
        // It was never brought to rest.
    }

    @Override
    public Duration settling(int members, Duration clockJump) {
        return Duration.ZERO;
    }

    @Override
    public String awaitWhole(List<MemberPlacement> members, String state, Duration settling, Duration timeout) {
        return ONLY_STATE;
    }
}
