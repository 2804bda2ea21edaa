package io.memorymachine.local.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The programs of this machine that pmem-service calls on a node, with their libraries and the loader in one folder: so they
 * run in an image of any distribution. A script of each program's name starts it.
 */
public final class NodeTools {
    /** Where the folder {@code lib} lies in the image; {@code bin} belongs on the path. */
    static final String LIBRARIES = "/opt/memory-machine/tools";

    /** For the volume, for what a container changed in its image, and for putting the programs onto the node. */
    private static final List<String> NEEDED =
            List.of("mkfs.xfs", "xfs_io", "xfs_spaceman", "mount", "umount", "blkid", "tar", "cp");

    /** Needed on nodes with real persistent memory only. */
    private static final List<String> WANTED = List.of("ndctl");

    private static final List<Path> FOLDERS =
            List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));
    private static final Pattern LIBRARY = Pattern.compile("(?m)^\\s+(?:\\S+ => )?(/\\S+) \\(0x");
    private static final String LOADER = "ld-linux-x86-64.so.2";

    private NodeTools() {}

    /**
     * Fills an empty folder.
     *
     * @return the programs that are not on this machine, and that only some nodes need
     * @throws IOException if one is missing that every node needs
     */
    public static List<String> collect(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(folder.resolve("lib"));
        for (String name : NEEDED) {
            copy(
                    find(name)
                            .orElseThrow(() -> new IOException(
                                    name + " is not on this machine: install xfsprogs, util-linux and tar")),
                    folder);
        }
        List<String> missing = new ArrayList<>();
        for (String name : WANTED) {
            Optional<Path> program = find(name);
            if (program.isPresent()) {
                copy(program.get(), folder);
            } else {
                missing.add(name);
            }
        }
        return missing;
    }

    private static Optional<Path> find(String name) {
        return FOLDERS.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static void copy(Path program, Path folder) throws IOException {
        String name = program.getFileName().toString();
        Path libraries = folder.resolve("lib");
        Files.copy(program.toRealPath(), libraries.resolve(name + ".program"));
        for (Path library : libraries(program)) {
            Files.copy(
                    library.toRealPath(),
                    libraries.resolve(library.getFileName().toString()),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(
                folder.resolve("bin").resolve(name),
                "#!/bin/sh\nexec " + LIBRARIES + "/" + LOADER + " --library-path " + LIBRARIES + " --argv0 " + name
                        + " " + LIBRARIES + "/" + name + ".program \"$@\"\n");
    }

    private static List<Path> libraries(Path program) throws IOException {
        Process ldd = new ProcessBuilder("ldd", program.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (ldd.waitFor() != 0) {
                throw new IOException("ldd cannot tell the libraries of " + program + ": " + output.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while ldd ran", e);
        }
        try (Stream<java.util.regex.MatchResult> found = LIBRARY.matcher(output).results()) {
            return found.map(result -> Path.of(result.group(1))).toList();
        }
    }
}
