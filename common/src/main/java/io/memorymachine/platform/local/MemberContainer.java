package io.memorymachine.platform.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.memorymachine.contract.workload.MemberRef;

/**
 * The container of one member: makes it and takes it away, with its overlay root, its network namespace, its directory on
 * the pmem volume and its cgroups.
 *
 * <p>The container is run by a runc process in the foreground, in a session of its own: it outlives us, carries the
 * application's output through pipes (as container engines do) to the log, and removes runc's state when the container
 * ends. Whatever half of a container a death leaves, {@link #remove} takes away: it goes by names, not by what was
 * written down.
 */
final class MemberContainer {
    private static final Duration START_WITHIN = Duration.ofSeconds(20);
    private static final Duration END_WITHIN = Duration.ofSeconds(20);

    private final LocalPaths paths;
    private final LocalNetwork network;
    private final WorkloadSpec spec;
    private final MemberRef member;

    MemberContainer(LocalPaths paths, LocalNetwork network, WorkloadSpec spec, int ordinal) {
        this.paths = paths;
        this.network = network;
        this.spec = spec;
        this.member = new MemberRef(spec.ref(), ordinal);
    }

    /** The beginning of the ids of all incarnations of this member, and of no other member's: labels have no dots. */
    String idPrefix() {
        return member.workload().namespace() + "." + member.pod() + ".";
    }

    /**
     * Starts an incarnation of a member that has none, and returns when its first process runs.
     *
     * @return the record completed
     */
    MemberRecord start(MemberRecord intended) {
        try {
            Path live = LocalPaths.live(spec.volume(), member);
            StateFiles.deleteTree(live);
            createPrivate(live.resolve("heap"));
            for (Path directory : List.of(bundle(), upper(), work(), root())) {
                Files.createDirectories(directory);
            }
            Files.createDirectories(paths.log(member).getParent());
        } catch (IOException e) {
            throw new LocalPlatformException("the directories of " + member + " cannot be made", e);
        }
        network.attach(intended.container(), intended.address());
        Mounts.overlay(spec.rootfs(), upper(), work(), root());
        new OciBundle(spec, member)
                .write(
                        bundle(),
                        root(),
                        paths.hosts(),
                        network.namespaceOf(intended.container()),
                        "/" + paths.cgroup() + "/" + intended.container(),
                        intended.placeholder());
        return run(intended);
    }

    /**
     * Ends every process of the member at once and returns when they have ended; repeatable.
     *
     * @param recorded what is known of it, if anything
     */
    void end(Optional<MemberRecord> recorded) {
        recorded.map(MemberRecord::init).ifPresent(init -> {
            init.kill();
            if (!init.awaitEnd(END_WITHIN)) {
                throw new LocalPlatformException(member + " (pid " + init.pid() + ") does not end");
            }
        });
        // Incarnations that run although no record says so.
        states().stream()
                .filter(state -> recorded.filter(record -> record.init() != null)
                        .filter(record -> state.endsWith(record.container()))
                        .isEmpty())
                .forEach(state -> deleteContainer(paths, state));
    }

    /** Removes what an ended member leaves; repeatable. */
    void remove(Optional<MemberRecord> recorded) {
        // runc removes the container itself when it sees its end.
        recorded.map(MemberRecord::monitor).ifPresent(monitor -> {
            if (!monitor.awaitEnd(END_WITHIN)) {
                monitor.kill();
            }
        });
        states().forEach(state -> deleteContainer(paths, state));
        Mounts.unmountTree(root());
        for (Path directory : List.of(root(), upper(), work(), bundle())) {
            StateFiles.deleteTree(directory);
        }
        network.detach(
                idPrefix(), recorded.map(MemberRecord::address).map(List::of).orElse(List.of()));
        StateFiles.deleteTree(LocalPaths.live(spec.volume(), member));
    }

    /** Kills and removes a container by its state directory, which runc itself may be removing at the same moment. */
    static void deleteContainer(LocalPaths paths, Path state) {
        String id = state.getFileName().toString();
        HostCommand.Outcome outcome =
                HostCommand.attempt("", "runc", "--root", paths.runc().toString(), "delete", "--force", id);
        if (outcome.status() != 0 && Files.exists(state.resolve("state.json"))) {
            throw new LocalPlatformException("the container " + id + " cannot be deleted: " + outcome.output());
        }
        StateFiles.deleteTree(state);
    }

    /** What runc knows of this member's incarnations. */
    private List<Path> states() {
        return StateFiles.children(paths.runc()).stream()
                .filter(state -> state.getFileName().toString().startsWith(idPrefix()))
                .toList();
    }

    private MemberRecord run(MemberRecord intended) {
        Path pidFile = bundle().resolve("pid");
        Path log = paths.log(member);
        try {
            Files.deleteIfExists(pidFile);
            Process monitor = new ProcessBuilder(
                            "setsid",
                            "runc",
                            "--root",
                            paths.runc().toString(),
                            "run",
                            "--bundle",
                            bundle().toString(),
                            "--pid-file",
                            pidFile.toString(),
                            intended.container())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            HostProcess init = awaitInit(monitor, pidFile, log);
            return intended.running(
                    init,
                    HostProcess.of(monitor.pid())
                            .orElseThrow(() -> new LocalPlatformException(member + " ended at once; see " + log)));
        } catch (IOException e) {
            throw new LocalPlatformException(member + " cannot be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalPlatformException("interrupted while " + member + " started", e);
        }
    }

    /** runc writes the pid when the first process runs; the only event to wait for is its failure. */
    private HostProcess awaitInit(Process monitor, Path pidFile, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_WITHIN.toNanos();
        while (System.nanoTime() < deadline) {
            if (Files.exists(pidFile)) {
                long pid = Long.parseLong(Files.readString(pidFile).trim());
                return HostProcess.of(pid)
                        .orElseThrow(() -> new LocalPlatformException(member + " ended at once; see " + log));
            }
            if (monitor.waitFor(5, TimeUnit.MILLISECONDS)) {
                throw new LocalPlatformException("runc could not start " + member + ": " + lastLine(log));
            }
        }
        monitor.destroyForcibly();
        throw new LocalPlatformException(
                member + " did not start within " + START_WITHIN.toSeconds() + " s; see " + log);
    }

    private static String lastLine(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
    }

    private static void createPrivate(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private Path bundle() {
        return directory("bundle");
    }

    private Path upper() {
        return directory("upper");
    }

    private Path work() {
        return directory("work");
    }

    private Path root() {
        return directory("rootfs");
    }

    private Path directory(String kind) {
        return paths.workload(spec.ref()).resolve(kind + "-" + member.ordinal());
    }
}
