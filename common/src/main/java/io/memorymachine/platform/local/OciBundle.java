package io.memorymachine.platform.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.memorymachine.contract.workload.MemberRef;

/**
 * The OCI configuration of a member's container: what Docker and Kubernetes give an ordinary container, with the
 * application under {@code mm-init}, the member's part of the pmem volume, and the common hosts file.
 */
final class OciBundle {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

    /** What container engines grant by default. */
    private static final List<String> CAPABILITIES = Stream.of(
                    "AUDIT_WRITE",
                    "CHOWN",
                    "DAC_OVERRIDE",
                    "FOWNER",
                    "FSETID",
                    "KILL",
                    "MKNOD",
                    "NET_BIND_SERVICE",
                    "NET_RAW",
                    "SETFCAP",
                    "SETGID",
                    "SETPCAP",
                    "SETUID",
                    "SYS_CHROOT")
            .map("CAP_"::concat)
            .toList();

    private final WorkloadSpec spec;
    private final MemberRef member;

    OciBundle(WorkloadSpec spec, MemberRef member) {
        this.spec = spec;
        this.member = member;
    }

    /**
     * Writes {@code config.json}.
     *
     * @param root the container's mounted root file system
     * @param namespace its network namespace
     * @param cgroup its cgroup, from the hierarchies' roots
     * @param placeholder whether the init only waits
     */
    void write(Path bundle, Path root, Path hosts, Path namespace, String cgroup, boolean placeholder) {
        StateFiles.writeJson(
                bundle.resolve("config.json"),
                Map.of(
                        "ociVersion",
                        "1.0.2",
                        "hostname",
                        member.pod(),
                        "root",
                        Map.of("path", root.toString(), "readonly", false),
                        "process",
                        process(placeholder),
                        "mounts",
                        mounts(hosts),
                        "linux",
                        linux(namespace, cgroup)));
    }

    private Map<String, Object> process(boolean placeholder) {
        Map<String, String> environment = environment();
        return Map.of(
                "terminal",
                false,
                "user",
                Map.of("uid", 0, "gid", 0),
                "cwd",
                "/",
                "args",
                arguments(environment, placeholder),
                "env",
                environment.entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .toList(),
                "capabilities",
                Map.of("bounding", CAPABILITIES, "effective", CAPABILITIES, "permitted", CAPABILITIES),
                "noNewPrivileges",
                true);
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>(spec.environment());
        environment.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("HOSTNAME", member.pod());
        environment.put("MM_POD_NAME", member.pod());
        environment.put("MM_NAMESPACE", member.workload().namespace());
        return environment;
    }

    private List<String> arguments(Map<String, String> environment, boolean placeholder) {
        List<String> arguments = new ArrayList<>();
        arguments.add("/mm/bin/mm-init");
        if (placeholder) {
            arguments.add("--wait");
        }
        arguments.add("--");
        spec.command().forEach(word -> arguments.add(expand(word, environment)));
        return arguments;
    }

    /** As Kubernetes does it: a reference to what is not defined stays as it is. */
    static String expand(String word, Map<String, String> environment) {
        return REFERENCE
                .matcher(word)
                .replaceAll(reference ->
                        Matcher.quoteReplacement(environment.getOrDefault(reference.group(1), reference.group())));
    }

    private List<Map<String, Object>> mounts(Path hosts) {
        return List.of(
                mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
                mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
                mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"),
                mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
                mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
                mount("/etc/hosts", "bind", hosts.toString(), "bind", "ro"),
                mount("/mm/pmem", "bind", LocalPaths.live(spec.volume(), member).toString(), "bind", "rw"),
                mount("/mm/bin", "bind", spec.bin().toString(), "bind", "ro", "nosuid", "nodev"));
    }

    private static Map<String, Object> mount(String target, String type, String source, String... options) {
        return Map.of("destination", target, "type", type, "source", source, "options", List.of(options));
    }

    private Map<String, Object> linux(Path namespace, String cgroup) {
        Map<String, Object> resources = new TreeMap<>();
        resources.put("devices", List.of(Map.of("allow", false, "access", "rwm")));
        if (spec.memoryLimitBytes() > 0) {
            resources.put("memory", Map.of("limit", spec.memoryLimitBytes()));
        }
        return Map.of(
                "cgroupsPath",
                cgroup,
                "resources",
                resources,
                "namespaces",
                List.of(
                        Map.of("type", "pid"),
                        Map.of("type", "mount"),
                        Map.of("type", "ipc"),
                        Map.of("type", "uts"),
                        Map.of("type", "network", "path", namespace.toString())),
                "maskedPaths",
                List.of(
                        "/proc/acpi",
                        "/proc/asound",
                        "/proc/kcore",
                        "/proc/keys",
                        "/proc/latency_stats",
                        "/proc/timer_list",
                        "/proc/timer_stats",
                        "/proc/sched_debug",
                        "/proc/scsi",
                        "/sys/firmware"),
                "readonlyPaths",
                List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"));
    }
}
