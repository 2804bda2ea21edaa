package io.memorymachine.profile.hazelcast;

import java.net.ConnectException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.memorymachine.contract.workload.MemberPlacement;

/** What all members of a cluster said when they were asked at one time. */
record ClusterView(List<Sight> sights) {
    /** One member, with what it said, or with why it said nothing. */
    record Sight(MemberPlacement member, MemberHealth health, Throwable failure) {
        boolean answered() {
            return health != null;
        }

        /** Nobody listens there: the member is down, not slow. */
        boolean refused() {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof ConnectException) {
                    return true;
                }
            }
            return false;
        }

        boolean in(String state) {
            return answered() && health.clusterState().equals(state);
        }

        private String told(Function<MemberHealth, List<String>> wanting) {
            if (!answered()) {
                return member.member().pod() + " does not answer (" + MemberRest.describe(failure) + ")";
            }
            List<String> missing = wanting.apply(health);
            return missing.isEmpty() ? null : member.member().pod() + ": " + String.join(", ", missing);
        }
    }

    Stream<Sight> answered() {
        return sights.stream().filter(Sight::answered);
    }

    boolean allAnswered() {
        return sights.stream().allMatch(Sight::answered);
    }

    boolean allIn(String state) {
        return sights.stream().allMatch(sight -> sight.in(state));
    }

    /** The cluster state in which all members are, or null where they do not agree or one did not answer. */
    String commonState() {
        List<String> states = answered()
                .map(sight -> sight.health().clusterState())
                .distinct()
                .toList();
        return allAnswered() && states.size() == 1 ? states.get(0) : null;
    }

    /** What keeps the cluster from being whole and safe, member by member; empty where nothing does. */
    String missing() {
        String missing = told(health -> health.missing(sights.size()));
        return missing.isEmpty() && commonState() == null ? "the members see different states: " + states() : missing;
    }

    /** Who is not in the state; empty where all are. */
    String notIn(String state) {
        return told(health -> health.clusterState().equals(state)
                ? List.of()
                : List.of("the cluster is " + health.clusterState() + ", not " + state));
    }

    private String states() {
        return answered()
                .map(sight ->
                        sight.member().member().pod() + " " + sight.health().clusterState())
                .collect(Collectors.joining(", "));
    }

    private String told(Function<MemberHealth, List<String>> wanting) {
        return sights.stream()
                .map(sight -> sight.told(wanting))
                .filter(text -> text != null)
                .collect(Collectors.joining("; "));
    }
}
