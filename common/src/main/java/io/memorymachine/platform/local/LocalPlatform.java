package io.memorymachine.platform.local;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.NodePlatform;
import io.memorymachine.platform.Workload;
import io.memorymachine.platform.WorkloadPlatform;

/** The platform port over the workloads of a run directory; the machine is its one node. */
public final class LocalPlatform implements WorkloadPlatform, NodePlatform {
    /** The name of the one node. */
    public static final String NODE = "local";

    private final LocalWorkloads workloads;

    /** The platform of a run directory. */
    public LocalPlatform(LocalPaths paths, Clock clock) {
        this.workloads = new LocalWorkloads(paths, clock);
    }

    @Override
    public Workload find(WorkloadRef ref) {
        return describe(spec(ref));
    }

    @Override
    public List<Workload> list() {
        return workloads.list().stream().map(this::describe).toList();
    }

    @Override
    public Recreated recreate(WorkloadRef ref, String operation, MemberStart start, Map<Integer, String> nodes) {
        WorkloadSpec spec = spec(ref);
        try {
            return workloads.recreate(spec, operation, start);
        } catch (LocalPlatformException e) {
            throw OperationFailedException.transientFailure(FailureReason.RECREATE_FAILED, e.getMessage(), e);
        }
    }

    @Override
    public List<Placeholder> placeholders() {
        return workloads.list().stream()
                .flatMap(spec -> workloads.placeholders(spec).stream())
                .toList();
    }

    @Override
    public void startAfresh(WorkloadRef ref, List<MemberPlacement> members, String operation) {
        WorkloadSpec spec = spec(ref);
        try {
            workloads.startAfresh(spec, members, operation);
        } catch (LocalPlatformException e) {
            throw OperationFailedException.transientFailure(FailureReason.RECREATE_FAILED, e.getMessage(), e);
        }
    }

    /** Looks into the file that the resolver inside each member reads. */
    @Override
    public List<String> unresolvedNames(WorkloadRef ref, List<MemberPlacement> members) {
        List<String> unresolved = new ArrayList<>();
        for (MemberPlacement observer : members) {
            Path hosts = Path.of("/proc", Long.toString(initPid(observer)), "root/etc/hosts");
            Map<String, List<String>> names = HostsFile.read(hosts);
            for (MemberPlacement member : members) {
                List<String> addresses = names.getOrDefault(member.dnsName(), List.of());
                if (!addresses.equals(List.of(member.address()))) {
                    unresolved.add(member.dnsName() + " is " + (addresses.isEmpty() ? "unknown" : addresses) + " in "
                            + observer.member().pod() + " and should be " + member.address());
                }
            }
        }
        return unresolved;
    }

    @Override
    public String node() {
        return NODE;
    }

    @Override
    public long initPid(MemberPlacement member) {
        MemberRecord running = workloads
                .running(member.member())
                .orElseThrow(() ->
                        new OperationFailedException(FailureReason.MEMBER_DOWN, member.member() + " is not running"));
        if (!running.container().equals(member.incarnation())) {
            throw new OperationFailedException(
                    FailureReason.MEMBER_CHANGED,
                    member.member() + " is " + running.container() + " by now, not " + member.incarnation());
        }
        return running.init().pid();
    }

    @Override
    public List<MemberPlacement> members() {
        return workloads.list().stream()
                .flatMap(spec -> workloads.placements(spec).stream())
                .toList();
    }

    private Workload describe(WorkloadSpec spec) {
        return new Workload(
                spec.ref(),
                spec.service(),
                spec.replicas(),
                workloads.placements(spec),
                spec.heapBytes(),
                spec.memoryLimitBytes() == 0 ? null : Long.valueOf(spec.memoryLimitBytes()),
                spec.imageDigest());
    }

    private WorkloadSpec spec(WorkloadRef ref) {
        return workloads
                .find(ref)
                .orElseThrow(() -> new OperationFailedException(
                        FailureReason.WORKLOAD_NOT_FOUND, "There is no workload " + ref + " on this machine"));
    }
}
