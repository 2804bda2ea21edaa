package io.memorymachine.local.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The libraries of the host that the programs of a tree need, and the loader. */
final class SystemLibraries {
    /** {@code libz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x...)} or {@code /lib64/ld-linux-x86-64.so.2 (0x...)}. */
    private static final Pattern RESOLVED = Pattern.compile("(?m)^\\s+(?:\\S+ => )?(/\\S+) \\(0x");

    private static final Pattern MISSING = Pattern.compile("(?m)^\\s+(\\S+) => not found");

    private SystemLibraries() {}

    /** Copies into {@code root}, under their paths on the host, what the programs and libraries of {@code tree} need. */
    static void copyFor(Path tree, Path root) throws IOException {
        List<String> command = new ArrayList<>(List.of("ldd"));
        Set<String> own = new TreeSet<>();
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                boolean library = file.getFileName().toString().endsWith(".so");
                if (library) {
                    own.add(file.getFileName().toString());
                }
                if (library || file.getParent().endsWith("bin") && Files.isExecutable(file)) {
                    command.add(file.toString());
                }
            }
        }
        String output = Tool.run(command.toArray(String[]::new));
        // Libraries of the tree that need each other are found where they are loaded, not by the loader's paths.
        List<String> missing = MISSING.matcher(output)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !own.contains(name))
                .distinct()
                .toList();
        if (!missing.isEmpty()) {
            throw new IOException("libraries that Java needs are not installed: " + String.join(", ", missing));
        }
        Set<Path> libraries = new TreeSet<>();
        RESOLVED.matcher(output)
                .results()
                .forEach(found -> libraries.add(Path.of(found.group(1)).normalize()));
        for (Path library : libraries) {
            if (!library.startsWith(tree)) {
                Path copy = root.resolve(library.getRoot().relativize(library));
                Files.createDirectories(copy.getParent());
                // The content under the name that is looked for; what is a symbolic link on the host becomes a file.
                Files.copy(library.toRealPath(), copy);
                copy.toFile().setExecutable(true, false);
            }
        }
    }
}
