package io.memorymachine.local.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The built product.
 *
 * @param root the clone
 */
public record Installation(Path root) {
    /** The installation that the property {@code mm.home} names, else the one around the working directory. */
    public static Installation find() {
        String home = System.getProperty("mm.home");
        Path root = home != null ? Path.of(home) : Path.of("").toAbsolutePath();
        while (home == null && root.getParent() != null && !Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        return new Installation(root);
    }

    /** A service as it is shipped. */
    public Path application(ServiceProcess service) {
        return root.resolve(service.module()).resolve("target/quarkus-app");
    }

    /** The class data archive of the broker, which runs from the jar of this program. */
    Path brokerArchive() {
        return root.resolve("local/runtime/target/kafka-cds.jsa");
    }

    /** The static programs that members and pmem-service use. */
    public Path nativePrograms() {
        return root.resolve("pmem-service/target/native");
    }

    /** The relocatable CRIU. */
    public Path criuBundle() {
        return nativePrograms().resolve("criu");
    }

    /** What is missing of the build, as paths; empty when it is complete. */
    public List<Path> missing() {
        List<Path> needed = new ArrayList<>();
        for (ServiceProcess service : ServiceProcess.values()) {
            needed.add(application(service).resolve("quarkus-run.jar"));
        }
        for (String program : List.of("mm-init", "mm-hook", "mm-enter", "mm-probe", "mm-smaps.so", "criu/criu")) {
            needed.add(nativePrograms().resolve(program));
        }
        return needed.stream().filter(path -> !Files.exists(path)).toList();
    }
}
