package io.memorymachine.local.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.local.api.ClusterHealth;
import io.memorymachine.local.api.Services;
import io.memorymachine.local.image.HazelcastImage;
import io.memorymachine.local.process.ProcFs;
import io.memorymachine.local.process.ProcessRecord;
import io.memorymachine.local.process.Processes;

/**
 * A system as it is now.
 *
 * @param running whether a system was brought up here and not taken down since
 * @param volume null where it is not mounted
 */
public record SystemStatus(boolean running, List<Part> parts, List<Member> members, VolumeStatus volume) {
    /**
     * A process.
     *
     * @param state {@code ready}, {@code not ready}, {@code running} (where there is no way to ask) or {@code ended}
     */
    public record Part(String name, String state, long pid, long residentBytes, String address, String log) {}

    /** A member. */
    public record Member(String pod, String state, String ip, String clusterState, boolean safe, int clusterSize) {}

    /** The volume, in bytes. */
    public record VolumeStatus(String path, long size, long free) {}

    /** Whether everything that belongs to the system runs and is ready. */
    public boolean complete() {
        return running
                && volume != null
                && parts.stream()
                        .noneMatch(part ->
                                part.state().equals("ended") || part.state().equals("not ready"))
                && members.stream().allMatch(member -> member.state().equals("running"));
    }

    /** Looks at a system. */
    public static SystemStatus of(RunDirectory directory, Installation installation, Processes processes) {
        return SystemStarter.settingsOf(directory)
                .map(settings -> of(directory, installation, processes, settings))
                .orElseGet(() -> new SystemStatus(false, List.of(), List.of(), null));
    }

    private static SystemStatus of(
            RunDirectory directory, Installation installation, Processes processes, SystemSettings settings) {
        List<Part> parts = new ArrayList<>();
        settings.ports().byName().forEach((name, port) -> parts.add(part(directory, processes, settings, name, port)));
        List<Member> members = new ArrayList<>();
        List<MemberPlacement> running = new Members(directory, installation, settings).running();
        for (int ordinal = 0; ordinal < settings.members(); ordinal++) {
            members.add(member(running, ordinal));
        }
        return new SystemStatus(true, parts, members, volume(directory));
    }

    private static Part part(
            RunDirectory directory, Processes processes, SystemSettings settings, String name, int port) {
        return processes
                .running(name)
                .map(process -> new Part(
                        name,
                        state(directory, settings, name),
                        process.pid(),
                        ProcFs.residentBytes(process.pid()),
                        "127.0.0.1:" + port,
                        process.log()))
                .orElseGet(() -> new Part(name, "ended", 0, 0, "127.0.0.1:" + port, log(processes, name)));
    }

    private static String state(RunDirectory directory, SystemSettings settings, String name) {
        for (ServiceProcess service : ServiceProcess.values()) {
            if (service.module().equals(name)) {
                return new Services(settings.ports(), directory.token()).ready(service) ? "ready" : "not ready";
            }
        }
        return "running";
    }

    private static String log(Processes processes, String name) {
        return processes.recorded().stream()
                .filter(process -> process.name().equals(name))
                .map(ProcessRecord::log)
                .findFirst()
                .orElse("");
    }

    private static Member member(List<MemberPlacement> running, int ordinal) {
        return running.stream()
                .filter(member -> member.member().ordinal() == ordinal)
                .map(member -> {
                    ClusterHealth health = ClusterHealth.of(member.address(), HazelcastImage.PORT);
                    return new Member(
                            member.member().pod(),
                            "running",
                            member.address(),
                            health.clusterState(),
                            health.clusterSafe(),
                            health.clusterSize());
                })
                .findFirst()
                .orElseGet(() -> new Member(SystemSettings.WORKLOAD + "-" + ordinal, "down", "", "", false, 0));
    }

    private static VolumeStatus volume(RunDirectory directory) {
        if (!new Volume(directory).mounted()) {
            return null;
        }
        try {
            FileStore store = Files.getFileStore(directory.volume());
            return new VolumeStatus(directory.volume().toString(), store.getTotalSpace(), store.getUsableSpace());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
