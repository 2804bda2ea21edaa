package io.memorymachine.platform.local;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.platform.WorkloadPlatform.MemberStart;
import io.memorymachine.platform.WorkloadPlatform.Placeholder;
import io.memorymachine.platform.WorkloadPlatform.Recreated;

/**
 * The StatefulSets of the single machine. Everything that changes something holds the run directory's lock, so several
 * processes may use one directory.
 *
 * <p>A member is written down before it is made, and completed in its record when it runs. After a death half-way the
 * record says "not running", and the next operation on the workload removes what there is of the member and makes it
 * anew; {@link LocalRuntime#removeAll} removes it without reading any record.
 */
public final class LocalWorkloads {
    /** The operation of members that were never recreated. */
    private static final String CREATE = "create";

    private final LocalPaths paths;
    private final Clock clock;
    private final StateFiles files;
    private final LocalNetwork network;

    /** Workloads of a run directory. */
    public LocalWorkloads(LocalPaths paths, Clock clock) {
        this.paths = paths;
        this.clock = clock;
        this.files = new StateFiles(paths);
        this.network = new LocalNetwork(paths);
    }

    /**
     * Makes a workload and starts its members, all together; returns when their first processes run. Members of this
     * workload that run already are replaced.
     *
     * @throws LocalPlatformException with the tool's message; {@link #destroy} removes what there is then
     * @throws IllegalArgumentException if another namespace has a workload or service of this name: the members share
     *     one hosts file with short names
     */
    public List<MemberPlacement> create(WorkloadSpec spec) {
        return RunLock.holding(paths, () -> {
            for (WorkloadSpec other : files.workloads()) {
                boolean sameNames = other.ref().name().equals(spec.ref().name())
                        || other.service().equals(spec.service());
                if (sameNames && !other.ref().equals(spec.ref())) {
                    throw new IllegalArgumentException(
                            spec.ref() + " would share names with " + other.ref() + ", which runs here");
                }
            }
            files.workload(spec.ref()).ifPresent(this::remove);
            files.write(spec);
            return start(spec, all(spec), CREATE, MemberStart.APPLICATION, null);
        });
    }

    /**
     * Writes down a workload of one member that is a process of the host: no container is made, and the workload can be
     * found but not captured. Whoever recreates or destroys it ends the process. An entry of the same name is replaced.
     *
     * @throws IllegalArgumentException if the workload has more members
     */
    public void adopt(WorkloadSpec spec, HostProcess process) {
        if (spec.replicas() != 1) {
            throw new IllegalArgumentException("one process is one member, not " + spec.replicas());
        }
        RunLock.holding(paths, () -> {
            files.write(spec);
            files.write(
                    spec.ref(),
                    MemberRecord.intended(0, spec.ref().name(), "127.0.0.1", CREATE, false, null)
                            .running(process, null));
            return null;
        });
    }

    /** See {@link io.memorymachine.platform.WorkloadPlatform#recreate}; the workload must exist. */
    Recreated recreate(WorkloadSpec spec, String operation, MemberStart mode) {
        return RunLock.holding(paths, () -> {
            List<Integer> outdated = IntStream.range(0, spec.replicas())
                    .filter(ordinal -> files.member(spec.ref(), ordinal)
                            .filter(MemberRecord::isRunning)
                            .filter(record -> record.operation().equals(operation))
                            .isEmpty())
                    .boxed()
                    .toList();
            Instant endedAt = end(spec, outdated);
            clear(spec, outdated);
            start(spec, outdated, operation, mode, endedAt);
            Instant destroyedAt = files.members(spec).stream()
                    .map(MemberRecord::replacedAt)
                    .max(Instant::compareTo)
                    .orElse(endedAt);
            return new Recreated(placements(spec), destroyedAt);
        });
    }

    /** See {@link io.memorymachine.platform.WorkloadPlatform#startAfresh}; the workload must exist. */
    void startAfresh(WorkloadSpec spec, List<MemberPlacement> members, String operation) {
        RunLock.holding(paths, () -> {
            List<Integer> waiting = placeholders(spec).stream()
                    .map(Placeholder::member)
                    .filter(members::contains)
                    .map(member -> member.member().ordinal())
                    .toList();
            Instant endedAt = end(spec, waiting);
            clear(spec, waiting);
            return start(spec, waiting, operation, MemberStart.APPLICATION, endedAt);
        });
    }

    /** The members that wait for a process, in the order of their ordinals. */
    List<Placeholder> placeholders(WorkloadSpec spec) {
        return files.members(spec).stream()
                .filter(MemberRecord::isWaiting)
                .map(record -> new Placeholder(placement(spec, record), record.operation()))
                .toList();
    }

    /** Ends and removes a workload; one that does not exist is fine. */
    public void destroy(WorkloadRef ref) {
        RunLock.holding(paths, () -> {
            files.workload(ref).ifPresent(this::remove);
            StateFiles.deleteTree(paths.workload(ref));
            writeHosts();
            return null;
        });
    }

    /** What was given to {@link #create}, if the workload exists. */
    public Optional<WorkloadSpec> find(WorkloadRef ref) {
        return files.workload(ref);
    }

    /** All workloads. */
    public List<WorkloadSpec> list() {
        return files.workloads();
    }

    /** The members that run, in the order of their ordinals. */
    public List<MemberPlacement> placements(WorkloadSpec spec) {
        return files.members(spec).stream()
                .filter(MemberRecord::isRunning)
                .map(record -> placement(spec, record))
                .toList();
    }

    Optional<MemberRecord> running(MemberRef member) {
        return files.member(member.workload(), member.ordinal()).filter(MemberRecord::isRunning);
    }

    private static MemberPlacement placement(WorkloadSpec spec, MemberRecord record) {
        MemberRef member = new MemberRef(spec.ref(), record.ordinal());
        return new MemberPlacement(
                member,
                LocalPlatform.NODE,
                record.container(),
                record.address(),
                member.pod() + "." + spec.service(),
                spec.imageDigest());
    }

    private static List<Integer> all(WorkloadSpec spec) {
        return IntStream.range(0, spec.replicas()).boxed().toList();
    }

    private MemberContainer container(WorkloadSpec spec, int ordinal) {
        return new MemberContainer(paths, network, spec, ordinal);
    }

    private void remove(WorkloadSpec spec) {
        end(spec, all(spec));
        clear(spec, all(spec));
        StateFiles.deleteTree(LocalPaths.live(spec.volume(), spec.ref()));
    }

    private Instant end(WorkloadSpec spec, List<Integer> ordinals) {
        together(ordinals, ordinal -> {
            container(spec, ordinal).end(files.member(spec.ref(), ordinal));
            return null;
        });
        return clock.instant();
    }

    private void clear(WorkloadSpec spec, List<Integer> ordinals) {
        together(ordinals, ordinal -> {
            container(spec, ordinal).remove(files.member(spec.ref(), ordinal));
            files.forget(spec.ref(), ordinal);
            return null;
        });
    }

    /** All names are in the hosts file before the first application looks one up. */
    private List<MemberPlacement> start(
            WorkloadSpec spec, List<Integer> ordinals, String operation, MemberStart mode, Instant replacedAt) {
        network.ensureBridge();
        List<String> addresses = network.allocate(ordinals.size(), addressesInUse());
        List<MemberRecord> intended = new ArrayList<>();
        for (int ordinal : ordinals) {
            String id = container(spec, ordinal).idPrefix()
                    + UUID.randomUUID().toString().substring(0, 8);
            MemberRecord record = MemberRecord.intended(
                    ordinal,
                    id,
                    addresses.get(intended.size()),
                    operation,
                    mode == MemberStart.PLACEHOLDER,
                    replacedAt);
            files.write(spec.ref(), record);
            intended.add(record);
        }
        writeHosts();
        together(intended, record -> {
            MemberRecord running = container(spec, record.ordinal()).start(record);
            files.write(spec.ref(), running);
            return null;
        });
        return placements(spec);
    }

    private Set<String> addressesInUse() {
        return files.workloads().stream()
                .flatMap(spec -> files.members(spec).stream())
                .map(MemberRecord::address)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private void writeHosts() {
        List<HostsFile.Entry> entries = new ArrayList<>();
        for (WorkloadSpec spec : files.workloads()) {
            for (MemberRecord record : files.members(spec)) {
                entries.add(HostsFile.Entry.of(
                        new MemberRef(spec.ref(), record.ordinal()), spec.service(), record.address()));
            }
        }
        new HostsFile(paths.hosts()).write(entries);
    }

    /** Does something for all members at once; all are tried, and the first failure is thrown with the others attached. */
    private static <T> void together(List<T> items, Task<T> task) {
        if (items.isEmpty()) {
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(items.size(), 8));
        try {
            List<Callable<Void>> calls = items.stream()
                    .<Callable<Void>>map(item -> () -> task.call(item))
                    .toList();
            LocalPlatformException failure = null;
            for (Future<Void> result : threads.invokeAll(calls)) {
                try {
                    result.get();
                } catch (ExecutionException e) {
                    LocalPlatformException next = e.getCause() instanceof LocalPlatformException known
                            ? known
                            : new LocalPlatformException(String.valueOf(e.getCause()), e.getCause());
                    if (failure == null) {
                        failure = next;
                    } else {
                        failure.addSuppressed(next);
                    }
                }
            }
            if (failure != null) {
                throw failure;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalPlatformException("interrupted", e);
        } finally {
            threads.shutdown();
        }
    }

    private interface Task<T> {
        Void call(T item);
    }
}
