package io.memorymachine.platform.kubernetes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jboss.logging.Logger;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.WorkloadPlatform.MemberStart;
import io.memorymachine.platform.WorkloadPlatform.Recreated;

/**
 * Deletes pods and waits until their StatefulSet has made them anew, each marked by the webhook with the operation.
 *
 * <p>What is true if this process dies:
 *
 * <ul>
 *   <li>before the plan is armed: nothing has happened
 *   <li>after it: pods that are made, for whatever reason, become what the plan says. The same operation, repeated, goes on
 *       with the same plan; if nobody repeats it the plan runs out, and placeholders that nobody fills are found and started
 *   <li>among the deletions: pods of the operation are told by their annotation and are not deleted again
 *   <li>while the pods come back: the repetition waits for the rest
 *   <li>before the plan is disarmed: the repetition finds nothing to do, and disarms it
 * </ul>
 *
 * <p>When this returns or throws, the plan is disarmed: a pod that is made afterwards starts its application.
 */
final class Recreation {
    private static final Logger LOG = Logger.getLogger(Recreation.class);
    /** Nobody tells when an API server takes watches again. */
    private static final Duration WATCH_AGAIN_AFTER = Duration.ofMillis(200);

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final RestorePlans plans;
    private final KubernetesConfig config;
    private final Clock clock;

    Recreation(KubernetesClient client, RestorePlans plans, KubernetesConfig config, Clock clock) {
        this.client = client;
        this.plans = plans;
        this.config = config;
        this.clock = clock;
    }

    /** @param ordinals the members that are to be of the operation; those that are already are left alone */
    Recreated run(
            StatefulSet set, String operation, MemberStart start, Set<Integer> ordinals, Map<Integer, String> nodes) {
        WorkloadRef workload = new WorkloadRef(
                set.getMetadata().getNamespace(), set.getMetadata().getName());
        RestorePlan plan = new RestorePlan(
                workload, operation, start, ordinals, nodes, clock.instant().plus(config.planLifetime()));
        plans.arm(plan);
        Recreated recreated;
        try {
            recreated = recreate(set, plan);
        } catch (RuntimeException failed) {
            disarmAfter(failed, plan);
            throw failed;
        }
        // If this fails the operation is repeated, finds nothing to do, and disarms.
        plans.disarm(workload, operation);
        return recreated;
    }

    private void disarmAfter(RuntimeException failed, RestorePlan plan) {
        try {
            plans.disarm(plan.workload(), plan.operation());
        } catch (KubernetesClientException away) {
            LOG.warnf(
                    "%s: the plan counts until %s, since it cannot be disarmed: %s",
                    plan.workload(), plan.until(), away);
            failed.addSuppressed(away);
        }
    }

    private Recreated recreate(StatefulSet set, RestorePlan plan) {
        List<Pod> outdated = outdated(MemberPods.of(client, set), plan);
        LOG.infof(
                "%s operation=%s: deleting %s",
                plan.workload(),
                plan.operation(),
                outdated.stream().map(pod -> pod.getMetadata().getName()).toList());
        outdated.forEach(pod -> delete(client, pod, config.deletionGrace()));
        Set<String> old =
                outdated.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
        AtomicReference<Instant> destroyedAt = new AtomicReference<>();
        List<MemberPlacement> members = await(set, plan, pods -> {
            if (destroyedAt.get() == null
                    && pods.stream()
                            .noneMatch(pod -> old.contains(pod.getMetadata().getUid()))) {
                destroyedAt.set(clock.instant());
            }
            return complete(set, plan, pods);
        });
        return new Recreated(members, outdated.isEmpty() ? newest(MemberPods.of(client, set)) : destroyedAt.get());
    }

    /**
     * A repetition that found nothing to delete was not there when the last of the old pods ended. No pod is made before
     * its predecessor is gone, so that was when the newest one was made, to the second.
     */
    private Instant newest(List<Pod> pods) {
        return pods.stream()
                .map(pod -> pod.getMetadata().getCreationTimestamp())
                .filter(created -> created != null)
                .map(Instant::parse)
                .max(Instant::compareTo)
                .orElseGet(clock::instant);
    }

    private static List<Pod> outdated(List<Pod> pods, RestorePlan plan) {
        return pods.stream()
                .filter(pod -> plan.ordinals().contains(MemberPods.ordinal(pod).getAsInt()))
                .filter(pod -> !MemberPods.isOf(pod, plan.operation()) || MemberPods.isGoing(pod))
                .toList();
    }

    /** Deletes this very pod: its successor of the same name has another uid, and the request is refused. */
    static void delete(KubernetesClient client, Pod pod, Duration grace) {
        DeleteOptions options = new DeleteOptionsBuilder()
                .withGracePeriodSeconds(grace.toSeconds())
                .withNewPreconditions()
                .withUid(pod.getMetadata().getUid())
                .endPreconditions()
                .build();
        String path = "/api/v1/namespaces/" + pod.getMetadata().getNamespace() + "/pods/"
                + pod.getMetadata().getName();
        try {
            client.raw(path, "DELETE", options);
        } catch (KubernetesClientException gone) {
            if (gone.getCode() != NOT_FOUND && gone.getCode() != CONFLICT) {
                throw gone;
            }
            LOG.debugf("%s is gone already", pod.getMetadata().getName());
        }
    }

    /** All members, once each has a running pod of the operation; empty before. */
    private static Optional<List<MemberPlacement>> complete(StatefulSet set, RestorePlan plan, List<Pod> pods) {
        Map<Integer, MemberPlacement> running = new TreeMap<>();
        for (Pod pod : pods) {
            if (MemberPods.belongs(pod, set)
                    && MemberPods.isOf(pod, plan.operation())
                    && plan.ordinals().contains(MemberPods.ordinal(pod).getAsInt())) {
                MemberPods.placement(pod, plan.workload(), set.getSpec().getServiceName())
                        .ifPresent(member -> running.put(member.member().ordinal(), member));
            }
        }
        return running.keySet().equals(plan.ordinals()) ? Optional.of(List.copyOf(running.values())) : Optional.empty();
    }

    /** Waits for the condition; a watch that the API server refuses is begun anew until the time is up. */
    private List<MemberPlacement> await(
            StatefulSet set, RestorePlan plan, Function<List<Pod>, Optional<List<MemberPlacement>>> condition) {
        AtomicReference<List<Pod>> last = new AtomicReference<>(List.of());
        AtomicReference<List<MemberPlacement>> result = new AtomicReference<>();
        long deadline = System.nanoTime() + config.recreateTimeout().toNanos();
        try {
            while (true) {
                CompletableFuture<List<Pod>> done = watch(set, pods -> {
                    last.set(List.copyOf(pods));
                    condition.apply(pods).ifPresent(result::set);
                    return result.get() != null;
                });
                try {
                    done.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                    return result.get();
                } catch (ExecutionException refused) {
                    LOG.warnf("%s: the pods cannot be watched, tried again: %s", plan.workload(), refused.getCause());
                    TimeUnit.NANOSECONDS.sleep(WATCH_AGAIN_AFTER.toNanos());
                } finally {
                    done.cancel(true);
                }
            }
        } catch (TimeoutException e) {
            throw OperationFailedException.transientFailure(
                    FailureReason.RECREATE_FAILED,
                    "After " + config.recreateTimeout() + " not all members are back: "
                            + missing(set, plan, last.get()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw OperationFailedException.transientFailure(
                    FailureReason.UNAVAILABLE, "Interrupted: the service is shutting down", e);
        }
    }

    /** The client keeps the list up to date by itself: it lists anew after a dropped connection and an expired version. */
    private CompletableFuture<List<Pod>> watch(StatefulSet set, Predicate<List<Pod>> condition) {
        return client.pods()
                .inNamespace(set.getMetadata().getNamespace())
                .withLabelSelector(set.getSpec().getSelector())
                .informOnCondition(condition);
    }

    private static String missing(StatefulSet set, RestorePlan plan, List<Pod> pods) {
        Map<Integer, Pod> present = pods.stream()
                .filter(pod -> MemberPods.belongs(pod, set))
                .collect(Collectors.toMap(pod -> MemberPods.ordinal(pod).getAsInt(), Function.identity(), (a, b) -> b));
        return new TreeSet<>(plan.ordinals())
                .stream()
                        .map(ordinal -> set.getMetadata().getName() + "-" + ordinal + " "
                                + (present.containsKey(ordinal) ? state(present.get(ordinal), plan) : "is not there"))
                        .filter(state -> !state.isBlank())
                        .collect(Collectors.joining("; "));
    }

    private static String state(Pod pod, RestorePlan plan) {
        if (!MemberPods.isOf(pod, plan.operation()) && pod.getMetadata().getDeletionTimestamp() == null) {
            return "came back without having met the webhook of restore-service";
        }
        return "is " + MemberPods.state(pod);
    }
}
