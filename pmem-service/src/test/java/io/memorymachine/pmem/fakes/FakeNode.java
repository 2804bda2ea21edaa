package io.memorymachine.pmem.fakes;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.WorkloadRef;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.NodePlatform;
import io.memorymachine.pmem.member.ProcFs;
import io.memorymachine.pmem.runtime.Trees;

/** The node {@code node-a} and its members, whose processes are files in a folder like {@code /proc}. */
@Alternative
@Priority(1)
@ApplicationScoped
public class FakeNode implements NodePlatform {
    private final Path folder;
    private final Map<MemberRef, Running> members =
            new TreeMap<>((left, right) -> left.toString().compareTo(right.toString()));
    private int nextPid = 1000;

    @Inject
    FakeNode(@ConfigProperty(name = "test.node.folder") Path folder) {
        this.folder = folder;
    }

    /** A container that runs. */
    private record Running(MemberPlacement placement, long initPid) {}

    @Produces
    @Alternative
    @Priority(1)
    @Singleton
    static ProcFs proc(@ConfigProperty(name = "test.node.folder") Path folder) {
        return new ProcFs(folder.resolve("proc"));
    }

    // --- what tests plant

    /** So many members of a workload run, each with a heap of this size on the volume. */
    public synchronized List<MemberPlacement> runs(WorkloadRef workload, int count, long heapBytes) {
        List<MemberPlacement> placements = new ArrayList<>();
        for (int ordinal = 0; ordinal < count; ordinal++) {
            placements.add(starts(new MemberRef(workload, ordinal), "/mm/pmem/heap/#1234 (deleted)", heapBytes));
        }
        return placements;
    }

    /** A member runs whose heap is not on the volume. */
    public synchronized MemberPlacement runsElsewhere(MemberRef member) {
        return starts(member, "/tmp/heap", 4096);
    }

    /** The member's container ends. */
    public synchronized void dies(MemberPlacement member) {
        members.remove(member.member());
    }

    /** The member's application ends, its container's init waits. */
    public synchronized void losesItsApplication(MemberPlacement member) {
        write(children(members.get(member.member()).initPid), "");
    }

    /** All members end. */
    public synchronized void clear() {
        members.clear();
    }

    /** CRIU finds that this kernel cannot do what it needs. */
    public void breaksCriu(boolean broken) {
        plant("criu-is-broken", broken);
    }

    /** The CPU lacks what images need. */
    public void lacksCpuFeatures(boolean lacks) {
        plant("cpu-lacks-something", lacks);
    }

    private void plant(String name, boolean there) {
        try {
            Path file = folder.resolve("bin/criu").resolve(name);
            Files.deleteIfExists(file);
            if (there) {
                Files.createFile(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // --- the port

    @Override
    public String node() {
        return "node-a";
    }

    @Override
    public synchronized long initPid(MemberPlacement member) {
        Running running = members.get(member.member());
        if (running == null) {
            throw new OperationFailedException(FailureReason.MEMBER_DOWN, member.member() + " does not run");
        }
        if (!running.placement.equals(member)) {
            throw new OperationFailedException(FailureReason.MEMBER_CHANGED, member.member() + " was replaced");
        }
        return running.initPid;
    }

    @Override
    public synchronized List<MemberPlacement> members() {
        return members.values().stream().map(Running::placement).toList();
    }

    private MemberPlacement starts(MemberRef member, String heap, long heapBytes) {
        long init = nextPid++;
        long application = nextPid++;
        MemberPlacement placement = new MemberPlacement(
                member,
                node(),
                member.pod() + "-" + init,
                "10.1.0." + init % 250,
                member.pod() + "." + member.workload().name(),
                "sha256:abc");
        process(application, heap, heapBytes);
        write(children(init), application + " ");
        members.put(member, new Running(placement, init));
        return placement;
    }

    private Path children(long init) {
        return folder.resolve("proc/" + init + "/task/" + init + "/children");
    }

    private void process(long pid, String heap, long heapBytes) {
        Path process = folder.resolve("proc").resolve(Long.toString(pid));
        write(process.resolve("stat"), pid + " (java) S 1 " + pid + " " + pid + " 0".repeat(15) + " 4711 0");
        write(process.resolve("status"), "Name:\tjava\nRssAnon:\t    2048 kB\nNSpid:\t" + pid + "\t7\n");
        write(process.resolve("task/" + pid + "/status"), "Name:\tjava\nTracerPid:\t0\n");
        write(
                process.resolve("maps"),
                "7f0000000000-7f0000100000 rw-s 00000000 07:00 131                        " + heap + "\n");
        write(process.resolve("mountinfo"), "1 0 0:1 / / rw - overlay overlay rw,upperdir=/nowhere\n");
        Path mapped = process.resolve("map_files/7f0000000000-7f0000100000");
        write(mapped, "");
        try (RandomAccessFile file = new RandomAccessFile(mapped.toFile(), "rw")) {
            file.setLength(heapBytes);
            Trees.create(process.resolve("fd"));
            for (String descriptor : List.of("1", "2")) {
                Files.createSymbolicLink(process.resolve("fd").resolve(descriptor), Path.of("pipe:[9]"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String content) {
        try {
            Trees.create(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
