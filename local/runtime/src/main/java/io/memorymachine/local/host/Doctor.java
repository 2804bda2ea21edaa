package io.memorymachine.local.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.memorymachine.local.console.Amounts;
import io.memorymachine.local.host.Facts.Version;
import io.memorymachine.local.system.Installation;
import io.memorymachine.local.system.Ports;
import io.memorymachine.local.system.RunDirectory;

/** Looks at everything that the single-machine runtime needs of the machine. It tries things out where that is cheap. */
public final class Doctor {
    private static final Version OLDEST_KERNEL = new Version(5, 10, 0);
    private static final Version OLDEST_CRIU = new Version(4, 2, 1);
    private static final long GIB = 1L << 30;

    private final RunDirectory directory;
    private final Installation installation;
    private final Ports ports;
    private final boolean running;

    /**
     * Looks at this machine for a run directory.
     *
     * @param running whether its system runs, so that it is no wonder that its ports are in use
     */
    public Doctor(RunDirectory directory, Installation installation, Ports ports, boolean running) {
        this.directory = directory;
        this.installation = installation;
        this.ports = ports;
        this.running = running;
    }

    /** Everything that was looked at, in the order of importance. */
    public List<Check> examine() {
        List<Check> checks = new ArrayList<>(List.of(system(), architecture(), root(), jdk(), processors()));
        checks.addAll(tools());
        checks.addAll(List.of(
                cgroups(), namespaces(), userNamespaces(), fileSystem("overlay"), loopDevices(), reflink(), criu()));
        checks.addAll(List.of(memory(), sharedMemory(), disk(), portsFree()));
        return checks;
    }

    private static Check system() {
        String release = System.getProperty("os.version");
        boolean recent = Facts.version(release)
                .filter(version -> version.compareTo(OLDEST_KERNEL) >= 0)
                .isPresent();
        return Check.require(
                "kernel",
                System.getProperty("os.name").equals("Linux") && recent,
                System.getProperty("os.name") + " " + release,
                "Linux " + OLDEST_KERNEL + " or newer is needed");
    }

    private static Check architecture() {
        String found = System.getProperty("os.arch");
        return Check.require("architecture", found.equals("amd64"), found, "the runtime is for x86_64 only");
    }

    private static Check root() {
        String user = System.getProperty("user.name");
        return Check.require("user", user.equals("root"), user, "run it as root: sudo ./mm ...");
    }

    private static Check jdk() {
        Path home = Path.of(System.getProperty("java.home"));
        boolean complete = Files.exists(home.resolve("bin/jlink")) && Files.isDirectory(home.resolve("jmods"));
        return Check.require(
                "JDK",
                complete,
                Runtime.version() + " in " + home,
                "jlink or its modules are missing: apt-get install openjdk-17-jdk-headless");
    }

    private static Check processors() {
        int found = Runtime.getRuntime().availableProcessors();
        return found >= 2
                ? Check.ok("processors", Integer.toString(found))
                : Check.warn("processors", Integer.toString(found), "two or more are recommended");
    }

    private static List<Check> tools() {
        Map<String, String> packages = Map.of(
                "runc",
                "runc",
                "mkfs.xfs",
                "xfsprogs",
                "ip",
                "iproute2",
                "mount",
                "mount",
                "losetup",
                "mount",
                "unshare",
                "util-linux",
                "setsid",
                "util-linux",
                "nsenter",
                "util-linux");
        return packages.keySet().stream()
                .sorted()
                .map(tool -> onPath(tool)
                        ? Check.ok(tool, tool.equals("runc") ? firstLine(Tool.run("runc", "--version")) : "found")
                        : Check.fail(tool, "missing", "apt-get install " + packages.get(tool)))
                .toList();
    }

    private static Check cgroups() {
        String versions = Facts.cgroupVersions(lines("/proc/self/mountinfo"));
        return Check.require(
                "cgroups",
                !versions.isEmpty(),
                versions.isEmpty() ? "not mounted" : versions,
                "mount the cgroup file system on /sys/fs/cgroup");
    }

    private static Check namespaces() {
        List<String> missing = Stream.of("pid", "mnt", "net", "ipc", "uts")
                .filter(kind -> !Files.exists(Path.of("/proc/self/ns", kind)))
                .toList();
        Tool tried = Tool.run("unshare", "--pid", "--mount", "--net", "--ipc", "--uts", "--fork", "true");
        return Check.require(
                "namespaces",
                missing.isEmpty() && tried.ok(),
                missing.isEmpty() ? (tried.ok() ? "pid mnt net ipc uts" : tried.output()) : "missing: " + missing,
                "the kernel or the container around this machine must allow new namespaces");
    }

    private static Check userNamespaces() {
        Tool tried = Tool.run("unshare", "--user", "true");
        return Check.require(
                "user namespaces",
                tried.ok(),
                tried.ok() ? "allowed" : tried.output(),
                "PostgreSQL runs in one: sysctl -w user.max_user_namespaces=10000");
    }

    private static Check fileSystem(String name) {
        boolean known = lines("/proc/filesystems").stream()
                        .anyMatch(line -> line.strip().endsWith(name))
                || Tool.run("modprobe", name).ok();
        return Check.require(
                name,
                known,
                known ? "known to the kernel" : "unknown to the kernel",
                "load the kernel module: modprobe " + name);
    }

    private static Check loopDevices() {
        boolean there = Files.exists(Path.of("/dev/loop-control"));
        return Check.require(
                "loop devices",
                there,
                there ? "/dev/loop-control" : "no /dev/loop-control",
                "load the kernel module: modprobe loop");
    }

    /** Makes a small volume, clones a file on it, and removes it. */
    private Check reflink() {
        String name = "reflink";
        try {
            Path scratch = Files.createTempDirectory(directory.root(), "doctor-");
            Path image = scratch.resolve("image");
            Path mount = Files.createDirectory(scratch.resolve("mount"));
            try {
                return tryReflink(name, image, mount);
            } finally {
                Tool.run("umount", "--quiet", mount.toString());
                for (Path path : List.of(mount, image, scratch)) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Check tryReflink(String name, Path image, Path mount) {
        String remedy = "captures fall back to full dumps without it; a kernel with XFS and loop devices is needed";
        List<List<String>> attempt = List.of(
                List.of("truncate", "--size", "320M", image.toString()),
                List.of("mkfs.xfs", "-q", "-m", "reflink=1", image.toString()),
                List.of("mount", "-o", "loop", "-t", "xfs", image.toString(), mount.toString()),
                List.of("dd", "if=/dev/zero", "of=" + mount + "/a", "bs=64k", "count=1", "status=none"),
                List.of("cp", "--reflink=always", mount + "/a", mount + "/b"));
        for (List<String> command : attempt) {
            Tool tried = Tool.run(command);
            if (!tried.ok()) {
                return Check.warn(name, firstLine(tried), remedy);
            }
        }
        return Check.ok(name, "XFS on a loop device clones files");
    }

    private Check criu() {
        Path bundle = installation.criuBundle();
        if (!Files.exists(bundle.resolve("criu"))) {
            return Check.warn("CRIU", "not put together yet", "./mm up does it");
        }
        Tool version = criu(bundle, "--version");
        Tool check = criu(bundle, "check");
        boolean good = check.ok()
                && Facts.version(version.output())
                        .filter(found -> found.compareTo(OLDEST_CRIU) >= 0)
                        .isPresent();
        return Check.require(
                "CRIU",
                good,
                Facts.version(version.output()).map(Version::toString).orElse("no version") + ": " + lastLine(check),
                "CRIU " + OLDEST_CRIU + " or newer whose check passes is needed; remove " + bundle + " to get it anew");
    }

    private static Tool criu(Path bundle, String argument) {
        return Tool.run(
                bundle.resolve("ld-linux-x86-64.so.2").toString(),
                "--library-path",
                bundle.toString(),
                bundle.resolve("criu").toString(),
                argument);
    }

    private static Check memory() {
        long available = Facts.memory(lines("/proc/meminfo")).getOrDefault("MemAvailable", 0L);
        String found = Amounts.size(available) + " available";
        String remedy = "the default demo takes about 6 GiB: fewer or smaller members (--members, --heap)";
        if (available < 3 * GIB) {
            return Check.fail("memory", found, remedy);
        }
        return available < 7 * GIB ? Check.warn("memory", found, remedy) : Check.ok("memory", found);
    }

    private static Check sharedMemory() {
        long usable = usable(Path.of("/dev/shm"));
        String found = Amounts.size(usable) + " free in /dev/shm";
        return usable >= 8 * GIB
                ? Check.ok("memory-backed volume", found)
                : Check.warn("memory-backed volume", found, "the volume goes to disk, which is slower");
    }

    private Check disk() {
        long usable = usable(directory.root());
        String found = Amounts.size(usable) + " free in " + directory.root();
        return Check.require("disk", usable >= 4 * GIB, found, "4 GiB or more are needed; MM_DIR names another place");
    }

    private Check portsFree() {
        List<String> taken = ports.byName().entrySet().stream()
                .filter(port -> !Ports.isFree(port.getValue()))
                .map(port -> port.getKey() + " " + port.getValue())
                .toList();
        if (running) {
            return Check.ok("ports", "in use by the system that runs here");
        }
        return Check.require(
                "ports",
                taken.isEmpty(),
                taken.isEmpty() ? "free" : "in use: " + String.join(", ", taken),
                "end what uses them, or start with --ports free");
    }

    private static boolean onPath(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    private static long usable(Path path) {
        try {
            return Files.getFileStore(path).getUsableSpace();
        } catch (IOException e) {
            // No such place: nothing can be put there.
            return 0;
        }
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            // The kernel does not have it, which is what the checks want to know.
            return List.of();
        }
    }

    private static String firstLine(Tool tool) {
        return tool.output().lines().findFirst().orElse("");
    }

    private static String lastLine(Tool tool) {
        return tool.output().lines().reduce((first, second) -> second).orElse("");
    }
}
