package io.memorymachine.snapshot.fakes;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.Workload;

/**
 * One workload on two nodes: whether its members run, the state that it is in, what the nodes hold of its snapshots, and the
 * faults that a test has planted.
 */
public final class FakeCluster {
    /** The state in which it serves nobody. */
    public static final String PASSIVE = "PASSIVE";

    private final WorkloadRef ref;
    private final int replicas;
    private final List<MemberPlacement> members;
    private final Deque<Fault> quiesceFaults = new ArrayDeque<>();
    private final List<String> states = new ArrayList<>();
    private final Map<String, Map<String, Holding>> held = new HashMap<>();
    private int resumesToRefuse;
    private Runnable beforeQuiesced = () -> {};

    FakeCluster(WorkloadRef ref, int replicas, String state) {
        this.ref = ref;
        this.replicas = replicas;
        this.members = new ArrayList<>(
                IntStream.range(0, replicas).mapToObj(this::placement).toList());
        states.add(state);
    }

    /** What goes wrong when it is made passive. */
    public enum Fault {
        /** Refused, and it serves on. */
        REFUSE,
        /** Whoever asked dies; it is passive. */
        CRASH_AFTERWARDS
    }

    /** What a node holds of a snapshot. */
    public enum Holding {
        RESERVATION,
        IMAGES,
        SEALED
    }

    // --- what tests plant and see

    /** The next times that it is to be made passive, this goes wrong. */
    public synchronized void quiesceMeets(Fault... faults) {
        quiesceFaults.addAll(List.of(faults));
    }

    /** The next so many times that somebody wants it back in its state, that fails. */
    public synchronized void refusesToResume(int times) {
        resumesToRefuse = times;
    }

    /** Happens while it is being made passive. */
    public synchronized void whileItIsMadePassive(Runnable event) {
        beforeQuiesced = event;
    }

    /** A member dies. */
    public synchronized void dies(int ordinal) {
        members.removeIf(member -> member.member().ordinal() == ordinal);
    }

    /** A member is replaced: it has another incarnation and another address. */
    public synchronized void replaces(int ordinal) {
        MemberPlacement old = members.get(ordinal);
        members.set(
                ordinal,
                new MemberPlacement(
                        old.member(),
                        old.node(),
                        old.incarnation() + "-next",
                        "10.2.0." + ordinal,
                        old.dnsName(),
                        old.imageDigest()));
    }

    /** The state that it is in. */
    public synchronized String state() {
        return states.get(states.size() - 1);
    }

    /** All states that it was in, in order. */
    public synchronized List<String> states() {
        return List.copyOf(states);
    }

    /** What each node holds of a snapshot. */
    public synchronized Map<String, Holding> held(String snapshotId) {
        return new TreeMap<>(held.getOrDefault(snapshotId, Map.of()));
    }

    /** Whether the nodes hold nothing at all. */
    public synchronized boolean holdsNothing() {
        return held.values().stream().allMatch(Map::isEmpty);
    }

    // --- what the platform does

    synchronized Workload describe() {
        return new Workload(ref, ref.name(), replicas, List.copyOf(members), 1 << 20, null, "sha256:abc");
    }

    // --- what the profile does

    synchronized String check() {
        if (members.size() < replicas) {
            throw new OperationFailedException(FailureReason.MEMBER_DOWN, "a member refuses connections");
        }
        return state();
    }

    String quiesce() {
        Runnable event;
        synchronized (this) {
            event = beforeQuiesced;
            beforeQuiesced = () -> {};
        }
        event.run();
        return makePassive();
    }

    private synchronized String makePassive() {
        Fault fault = quiesceFaults.poll();
        if (fault == Fault.REFUSE) {
            throw new OperationFailedException(FailureReason.QUIESCE_FAILED, "hz-1 did not answer");
        }
        String before = state();
        states.add(PASSIVE);
        if (fault == Fault.CRASH_AFTERWARDS) {
            throw new IllegalStateException("died after the change, as planted by the test");
        }
        return before;
    }

    /** Whoever asks at an address where no member is any more gets no answer. */
    synchronized void resume(List<MemberPlacement> asked, String state) {
        if (!members.containsAll(asked)) {
            throw OperationFailedException.transientFailure(
                    FailureReason.RESUME_FAILED, "nobody answers at " + asked, null);
        }
        if (resumesToRefuse > 0) {
            resumesToRefuse--;
            throw OperationFailedException.transientFailure(FailureReason.RESUME_FAILED, "hz-2 did not answer", null);
        }
        if (!state().equals(state)) {
            states.add(state);
        }
    }

    // --- what the nodes do

    synchronized void hold(String node, String snapshotId, Holding what) {
        held.computeIfAbsent(snapshotId, id -> new TreeMap<>()).put(node, what);
    }

    synchronized void discard(String node, String snapshotId) {
        held.getOrDefault(snapshotId, new TreeMap<>()).remove(node);
    }

    private MemberPlacement placement(int ordinal) {
        return new MemberPlacement(
                new MemberRef(ref, ordinal),
                ordinal == 1 ? "node-b" : "node-a",
                ref.name() + "-first-" + ordinal,
                "10.1.0." + ordinal,
                ref.name() + "-" + ordinal + "." + ref.name(),
                "sha256:abc");
    }
}
