package io.memorymachine.pmem.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.awaitility.Awaitility;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.pmem.member.LiveFolder;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.Trees;

/** A container of runc whose image is the machine's own root file system, below an overlay. */
public final class Container implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String id;
    private final Path bundle;
    private final Process runc;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();

    private Container(String id, Path bundle, Process runc) {
        this.id = id;
        this.bundle = bundle;
        this.runc = runc;
    }

    /**
     * Starts one and waits for its first process.
     *
     * @param work a folder whose file system can hold an overlay's upper folder
     */
    public static Container start(String id, Path work, Path toolbox, LiveFolder live, List<String> command)
            throws IOException {
        Path bundle = Trees.createEmpty(work.resolve(id));
        for (String folder : List.of("upper", "overlay", "rootfs")) {
            Files.createDirectory(bundle.resolve(folder));
        }
        Command.of(
                        "mount",
                        "-t",
                        "overlay",
                        "overlay",
                        "-o",
                        "lowerdir=/,upperdir=" + bundle.resolve("upper") + ",workdir=" + bundle.resolve("overlay"),
                        bundle.resolve("rootfs").toString())
                .orFail(FailureReason.INTERNAL);
        Command.of("runc", "spec", "--bundle", bundle.toString()).orFail(FailureReason.INTERNAL);
        Path config = bundle.resolve("config.json");
        ObjectNode spec = (ObjectNode) JSON.readTree(config.toFile());
        ((ObjectNode) spec.get("root")).put("readonly", false);
        ObjectNode process = (ObjectNode) spec.get("process");
        process.put("terminal", false);
        ArrayNode arguments = process.putArray("args");
        command.forEach(arguments::add);
        ((ObjectNode) spec.get("linux")).put("cgroupsPath", "/" + id);
        mount(spec, live.path(), "/mm/pmem", "rw");
        mount(spec, toolbox, "/mm/bin", "ro");
        JSON.writeValue(config.toFile(), spec);

        Process runc = new ProcessBuilder(
                        "runc",
                        "run",
                        "--bundle",
                        bundle.toString(),
                        "--pid-file",
                        bundle.resolve("pid").toString(),
                        id)
                .start();
        Container container = new Container(id, bundle, runc);
        collect(runc.inputReader(StandardCharsets.UTF_8), container.output);
        collect(runc.errorReader(StandardCharsets.UTF_8), container.errors);
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> Files.exists(bundle.resolve("pid")) || !runc.isAlive());
        if (!runc.isAlive()) {
            throw new IOException("runc: " + container.errors);
        }
        return container;
    }

    private static void mount(ObjectNode spec, Path source, String target, String mode) {
        ObjectNode mount = ((ArrayNode) spec.get("mounts")).addObject();
        mount.put("destination", target).put("type", "bind").put("source", source.toString());
        mount.putArray("options").add("rbind").add(mode);
    }

    private static void collect(BufferedReader reader, List<String> lines) {
        Thread thread = new Thread(() -> reader.lines().forEach(lines::add));
        thread.setDaemon(true);
        thread.start();
    }

    /** The host's PID of its init. */
    public long initPid() throws IOException {
        return Long.parseLong(Files.readString(bundle.resolve("pid")));
    }

    public String id() {
        return id;
    }

    /** What was written to its standard output so far. */
    public List<String> output() {
        return new ArrayList<>(output);
    }

    /** What was written to its standard error so far. */
    public List<String> errors() {
        return new ArrayList<>(errors);
    }

    /** The root of its file system. */
    public Path rootfs() {
        return bundle.resolve("rootfs");
    }

    /** Waits until it ended, and gives its status. */
    public int awaitEnd() throws InterruptedException {
        if (!runc.waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException(id + " does not end");
        }
        return runc.exitValue();
    }

    @Override
    public void close() throws IOException {
        Command.of("runc", "delete", "--force", id).run();
        runc.destroy();
        Command.of("umount", rootfs().toString()).run();
        Trees.remove(bundle);
    }
}
