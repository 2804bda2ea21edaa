package io.memorymachine.restore.fakes;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.Workload;
import io.memorymachine.platform.WorkloadPlatform.MemberStart;
import io.memorymachine.platform.WorkloadPlatform.Placeholder;
import io.memorymachine.platform.WorkloadPlatform.Recreated;

/** One workload: members with what they hold in memory, on two nodes, and the faults that a test has planted. */
public final class FakeCluster {
    /** What a member holds that was started afresh. */
    public static final String EMPTY = "empty";

    private final WorkloadRef ref;
    private final Map<Integer, Member> members = new TreeMap<>();
    private final Map<String, Instant> destroyedAt = new TreeMap<>();
    private final Deque<Fault> recreateFaults = new ArrayDeque<>();
    private long heapBytes = 1L << 30;
    private Long memoryLimitBytes;
    private String imageDigest = "sha256:abc";
    private int incarnations;
    private int replicas;
    private int unresolvedAnswers;
    private int unresolvedUntilRecreations;
    private int recreations;
    private Duration longestSettling = Duration.ZERO;
    private int formsFromRecreation;

    FakeCluster(WorkloadRef ref, int replicas, String content) {
        this.ref = ref;
        this.replicas = replicas;
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            members.put(ordinal, new Member(placement(ordinal), Condition.RUNNING, content, "at first"));
        }
    }

    /** What a member is doing. */
    public enum Condition {
        RUNNING,
        PLACEHOLDER,
        STOPPED
    }

    /** What goes wrong when members are recreated. */
    public enum Fault {
        /** Refused for now, and nothing is done. */
        REFUSE,
        /** Refused for good, and nothing is done. */
        REFUSE_FOR_GOOD,
        /** Dies when it has recreated the first member. */
        CRASH_HALF_WAY
    }

    private record Member(MemberPlacement placement, Condition condition, String content, String operation) {}

    // --- what tests plant and see

    /** The next recreations go wrong like this. */
    public synchronized void recreationMeets(Fault... faults) {
        recreateFaults.addAll(List.of(faults));
    }

    /** The next so many times that somebody asks, a name does not resolve. */
    public synchronized void namesAreUnresolvedFor(int answers) {
        unresolvedAnswers = answers;
    }

    /** A name does not resolve as long as the next placeholders live. */
    public synchronized void namesAreUnresolvedUntilRecreatedAgain() {
        unresolvedUntilRecreations = 2;
    }

    /** The cluster does not form after the next release. */
    public synchronized void doesNotFormOnce() {
        formsFromRecreation = recreations + 2;
    }

    /** A member dies. */
    public synchronized void dies(int ordinal) {
        members.remove(ordinal);
    }

    /** The workload is meant to have so many members. */
    public synchronized void isScaledTo(int count) {
        replicas = count;
    }

    /** The workload's members are to have heaps of this size. */
    public synchronized void allowsHeapsOf(long bytes) {
        heapBytes = bytes;
    }

    /** The workload's containers may use so much memory. */
    public synchronized void limitsMemoryTo(long bytes) {
        memoryLimitBytes = bytes;
    }

    /** The workload's members are to run this container image from now on. */
    public synchronized void isToRun(String digest) {
        imageDigest = digest;
    }

    /** What the running members hold in memory, in order; members that do not run appear as their condition. */
    public synchronized List<String> contents() {
        return members.values().stream()
                .map(member -> member.condition == Condition.RUNNING ? member.content : member.condition.toString())
                .toList();
    }

    /** The members' addresses, in order. */
    public synchronized List<String> addresses() {
        return placements().stream().map(MemberPlacement::address).toList();
    }

    /** A restore that nobody remembers has made placeholders of these members. */
    public synchronized void holdsPlaceholders(String operation, int... ordinals) {
        for (int ordinal : ordinals) {
            members.put(ordinal, new Member(placement(ordinal), Condition.PLACEHOLDER, EMPTY, operation));
        }
    }

    // --- what the platform does

    synchronized Workload describe() {
        return new Workload(ref, ref.name(), replicas, placements(), heapBytes, memoryLimitBytes, imageDigest);
    }

    synchronized Recreated recreate(String operation, MemberStart start) {
        Fault fault = recreateFaults.poll();
        if (fault == Fault.REFUSE) {
            throw OperationFailedException.transientFailure(
                    FailureReason.RECREATE_FAILED, "the platform refuses for now", null);
        }
        if (fault == Fault.REFUSE_FOR_GOOD) {
            throw new OperationFailedException(FailureReason.RECREATE_FAILED, "the platform refuses");
        }
        recreations++;
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            Member member = members.get(ordinal);
            if (member == null || !member.operation.equals(operation)) {
                boolean waits = start == MemberStart.PLACEHOLDER;
                members.put(
                        ordinal,
                        new Member(
                                placement(ordinal),
                                waits ? Condition.PLACEHOLDER : Condition.RUNNING,
                                EMPTY,
                                operation));
                destroyedAt.put(operation, Instant.now());
            }
            if (fault == Fault.CRASH_HALF_WAY) {
                throw new IllegalStateException("died half-way, as planted by the test");
            }
        }
        return new Recreated(placements(), destroyedAt.get(operation));
    }

    synchronized List<Placeholder> placeholders() {
        return members.values().stream()
                .filter(member -> member.condition == Condition.PLACEHOLDER)
                .map(member -> new Placeholder(member.placement, member.operation))
                .toList();
    }

    synchronized void startAfresh(List<MemberPlacement> waiting, String operation) {
        placeholders().stream()
                .map(Placeholder::member)
                .filter(waiting::contains)
                .map(member -> member.member().ordinal())
                .forEach(ordinal ->
                        members.put(ordinal, new Member(placement(ordinal), Condition.RUNNING, EMPTY, operation)));
    }

    synchronized List<String> unresolvedNames() {
        return recreations < unresolvedUntilRecreations || unresolvedAnswers-- > 0
                ? List.of("hz-1.hz is unknown in hz-0")
                : List.of();
    }

    // --- what the nodes and the profile do

    synchronized void materialize(MemberPlacement member, String content) {
        change(member, Condition.PLACEHOLDER, Condition.STOPPED, content);
    }

    synchronized void release(MemberPlacement member) {
        change(member, Condition.STOPPED, Condition.RUNNING, null);
    }

    /** A member that is dead, or another by now, has nothing to be abandoned. */
    synchronized void abandon(MemberPlacement member) {
        Member known = members.get(member.member().ordinal());
        if (known != null && known.placement.equals(member) && known.condition == Condition.STOPPED) {
            members.put(member.member().ordinal(), new Member(member, Condition.PLACEHOLDER, EMPTY, known.operation));
        }
    }

    /** Waits for as long as it is given, as those do who ask real members. */
    synchronized void awaitWhole(List<MemberPlacement> expected, Duration settling, Duration timeout) {
        longestSettling = settling.compareTo(longestSettling) > 0 ? settling : longestSettling;
        long giveUp = System.nanoTime() + timeout.toNanos();
        while (recreations < formsFromRecreation || !allRun() || !placements().equals(expected)) {
            long left = giveUp - System.nanoTime();
            if (left <= 0) {
                throw new OperationFailedException(FailureReason.NOT_WHOLE_AGAIN, "hz-2 sees 2 members instead of 3");
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while members were waited for", e);
            }
        }
    }

    /** For how long nobody was to ask for a change of state after the release. */
    public synchronized Duration longestSettling() {
        return longestSettling;
    }

    private boolean allRun() {
        return members.values().stream().allMatch(member -> member.condition == Condition.RUNNING);
    }

    /** @param content null for what the member holds already */
    private void change(MemberPlacement member, Condition from, Condition to, String content) {
        Member known = members.get(member.member().ordinal());
        if (known == null || !known.placement.equals(member) || known.condition != from) {
            throw new OperationFailedException(FailureReason.MEMBER_CHANGED, member.member() + " is " + known);
        }
        members.put(
                member.member().ordinal(),
                new Member(member, to, content == null ? known.content : content, known.operation));
    }

    private List<MemberPlacement> placements() {
        List<MemberPlacement> all = new ArrayList<>();
        members.values().forEach(member -> all.add(member.placement));
        return all;
    }

    private MemberPlacement placement(int ordinal) {
        incarnations++;
        return new MemberPlacement(
                new MemberRef(ref, ordinal),
                ordinal < 2 ? "node-a" : "node-b",
                ref.name() + "-" + incarnations,
                "10.1.0." + incarnations,
                ref.name() + "-" + ordinal + "." + ref.name(),
                "sha256:abc");
    }
}
