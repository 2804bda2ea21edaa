package io.memorymachine.local.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.local.api.Services;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.process.ProcFs;
import io.memorymachine.local.process.Processes;
import io.memorymachine.local.system.ClassArchives;
import io.memorymachine.local.system.Installation;
import io.memorymachine.local.system.RunDirectory;
import io.memorymachine.local.system.SystemSettings;
import io.memorymachine.local.system.SystemStarter;
import io.memorymachine.local.system.TakeDown;
import io.memorymachine.platform.local.LocalPaths;
import io.memorymachine.platform.local.LocalWorkloads;

/** The running system in the hands of the harness: what can be killed, started again and looked at. */
final class Stage {
    private static final Path PROC = Path.of("/proc");

    private final RunDirectory directory;
    private final SystemSettings settings;
    private final Processes processes;
    private final SystemStarter starter;
    private final Services services;

    Stage(
            RunDirectory directory,
            Installation installation,
            SystemSettings settings,
            Processes processes,
            Console console,
            Map<String, String> configuration) {
        this.directory = directory;
        this.settings = settings;
        this.processes = processes;
        this.starter = new SystemStarter(
                directory, installation, settings, processes, console, configuration, ClassArchives.use(installation));
        this.services = new Services(settings.ports(), directory.token());
    }

    RunDirectory directory() {
        return directory;
    }

    SystemSettings settings() {
        return settings;
    }

    Services services() {
        return services;
    }

    SystemStarter starter() {
        return starter;
    }

    /** Kills a process (SIGKILL) and waits until it has ended; does nothing where it does not run. */
    void kill(String name) {
        processes.running(name).ifPresent(processes::kill);
    }

    /** Forgets a process that does not run any more and will not be started again. */
    void forget(String name) {
        processes.recorded().stream()
                .filter(process -> process.name().equals(name) && !process.alive())
                .forEach(processes::forget);
    }

    /** Starts again what does not run of these, all at the same time. */
    CompletableFuture<Void> startAgain(List<String> names) {
        return CompletableFuture.allOf(names.stream()
                .map(name -> CompletableFuture.runAsync(() -> starter.startAgain(name)))
                .toArray(CompletableFuture[]::new));
    }

    /** The processes of the system that have ended. */
    List<String> ended() {
        return settings.ports().byName().keySet().stream()
                .filter(name -> processes.running(name).isEmpty())
                .toList();
    }

    /** Kills every process of a member's container. */
    void kill(MemberPlacement member) {
        inContainer(member.incarnation())
                .forEach(stat -> ProcessHandle.of(stat.pid()).ifPresent(ProcessHandle::destroyForcibly));
    }

    /** Destroys every member, so that they can be made anew. */
    void destroyMembers() {
        new LocalWorkloads(LocalPaths.of(directory.root()), Clock.systemUTC()).destroy(ClusterWatch.WORKLOAD);
    }

    /**
     * Nothing more is to be tried once the system is being taken down.
     *
     * @throws ChaosException if it is
     */
    void requireStanding() {
        if (processes.isClosed()) {
            throw new ChaosException("the system is being taken down");
        }
    }

    /** Takes the whole system down and starts it again, without any data: the way on where nothing else helps. */
    void startOver() {
        requireStanding();
        // Processes of its own: this harness still has to start some.
        new TakeDown(directory, new Processes(directory.root())).run();
        starter.start();
    }

    /** The processes of a container, found by its cgroup. */
    List<ProcFs.Stat> inContainer(String container) {
        return ProcFs.all().stream()
                .filter(ProcFs.Stat::alive)
                .filter(stat -> cgroups(stat.pid()).contains(container))
                .toList();
    }

    /** The CRIU processes that work for this system: their arguments name its volume or its bundle. */
    List<ProcFs.Stat> criu() {
        return ProcFs.all().stream()
                .filter(stat ->
                        stat.command().startsWith("criu") || stat.command().startsWith("ld-linux"))
                .filter(ProcFs.Stat::alive)
                .filter(stat -> ProcFs.environmentHolds(stat.pid(), Processes.MARK + "=" + directory.root()))
                .toList();
    }

    private static String cgroups(long pid) {
        try {
            return Files.readString(PROC.resolve(Long.toString(pid)).resolve("cgroup"));
        } catch (IOException e) {
            // It has ended meanwhile.
            return "";
        }
    }

    /** The names in a folder; none where it does not exist. */
    static List<String> entries(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var listed = Files.list(folder)) {
            return listed.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
