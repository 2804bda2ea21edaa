package io.memorymachine.pmem.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/**
 * The folder with the static helpers and the CRIU bundle. Every member's container sees it, read-only, as
 * {@value #IN_CONTAINER}.
 *
 * @param folder where it lies on the node: mm-init, mm-hook, mm-enter, mm-smaps.so and criu/
 */
public record Toolbox(Path folder) {
    /** Where containers see the folder. */
    public static final String IN_CONTAINER = "/mm/bin";

    /** Where a container sees its own folder of the pmem volume. */
    public static final String PMEM_IN_CONTAINER = "/mm/pmem";

    /** The environment variable that tells mm-hook and mm-smaps, in the container, where the notes lie. */
    public static final String NOTES = "MM_SMAPS";

    private static final String SMAPS = "mm-smaps.so";
    private static final String LOADER = "ld-linux-x86-64.so.2";

    /** The path of the action script inside a container. */
    public static final String HOOK = IN_CONTAINER + "/mm-hook";

    /** The host's path of mm-enter. */
    public String enter() {
        return folder.resolve("mm-enter").toString();
    }

    /** The start of every command line of CRIU inside a container. */
    public List<String> criuInContainer() {
        return criu(IN_CONTAINER + "/criu");
    }

    /**
     * The same for a CRIU that dumps: mm-smaps shortens its freeze, if {@value #NOTES} names what mm-hook noted of the
     * mappings.
     */
    public List<String> dumpingCriuInContainer() {
        List<String> line = new ArrayList<>(criuInContainer());
        line.addAll(line.size() - 1, List.of("--preload", IN_CONTAINER + "/" + SMAPS));
        return line;
    }

    /** A CRIU command to be run on the node itself. */
    public Command criuOnNode(String... arguments) {
        List<String> line = new ArrayList<>(criu(folder.resolve("criu").toString()));
        line.addAll(List.of(arguments));
        return Command.of(line);
    }

    /**
     * Makes sure that CRIU is there and that this kernel has what it needs.
     *
     * @return CRIU's version
     * @throws OperationFailedException CRIU_MISSING with CRIU's own words
     */
    public String requireCriu() {
        for (String file : List.of("mm-init", "mm-hook", "mm-enter", SMAPS, "criu/criu", "criu/" + LOADER)) {
            if (!Files.isExecutable(folder.resolve(file))) {
                throw new OperationFailedException(
                        FailureReason.CRIU_MISSING, folder.resolve(file) + " is missing or cannot be executed");
            }
        }
        criuOnNode("check").orFail(FailureReason.CRIU_MISSING);
        return criuOnNode("--version")
                .orFail(FailureReason.CRIU_MISSING)
                .lines()
                .filter(line -> line.startsWith("Version: "))
                .map(line -> line.substring("Version: ".length()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("CRIU tells no version"));
    }

    /** Sends a signal, by number, to one process of the node; fails where the process is gone. */
    public Command signal(long pid, int signal) {
        return Command.of(enter(), "--target", Long.toString(pid), "--signal", Integer.toString(signal));
    }

    private static List<String> criu(String folder) {
        return List.of(folder + "/" + LOADER, "--library-path", folder, folder + "/criu");
    }
}
