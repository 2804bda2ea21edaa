package io.memorymachine.local.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The class data archives of the broker and the services: what they load while they start, laid out once, so that they
 * neither parse nor verify it again. The build makes those of the services without a broker and a database, which leaves
 * more than half of the classes out; a training run makes them anew, and the broker's too.
 *
 * <p>Java takes an archive only with the very jars that it was made with. A build removes those of the services with the
 * applications; the broker's is older than its jar then.
 */
public final class ClassArchives {
    private static final String OF_SERVICE = "app-cds.jsa";
    private static final String IN_TRAINING = ".training";

    private final Installation installation;
    private final boolean training;

    private ClassArchives(Installation installation, boolean training) {
        this.installation = installation;
        this.training = training;
    }

    /** Programs start with the archives that there are. */
    public static ClassArchives use(Installation installation) {
        return new ClassArchives(installation, false);
    }

    /** Programs start without, and write archives when they are ended (SIGTERM), which {@link #take} puts in place. */
    public static ClassArchives make(Installation installation) {
        return new ClassArchives(installation, true);
    }

    /** Java's options for a service, which runs in the folder of its application. */
    List<String> options(ServiceProcess service) {
        return options(installation.application(service).resolve(OF_SERVICE));
    }

    /** Java's options for the broker, under the class path of this JVM. */
    List<String> brokerOptions() throws IOException {
        Path archive = installation.brokerArchive();
        Path jar = Path.of(System.getProperty("java.class.path"));
        // A test's class path has folders, of which Java makes no archives.
        boolean fits = Files.isRegularFile(jar)
                && (training
                        || Files.exists(archive)
                                && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0);
        return fits ? options(archive) : List.of();
    }

    private List<String> options(Path archive) {
        if (training) {
            return List.of("-XX:ArchiveClassesAtExit=" + inTraining(archive));
        }
        return Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive) : List.of();
    }

    /**
     * Puts in place what the programs of a training run have written, once all of them have ended.
     *
     * @throws IOException where one has written none; what was put in place by then stays, and is of use
     */
    public void take() throws IOException {
        List<Path> archives = new ArrayList<>(List.of(installation.brokerArchive()));
        for (ServiceProcess service : ServiceProcess.values()) {
            archives.add(installation.application(service).resolve(OF_SERVICE));
        }
        for (Path archive : archives) {
            Files.move(
                    inTraining(archive), archive, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static Path inTraining(Path archive) {
        return archive.resolveSibling(archive.getFileName() + IN_TRAINING);
    }
}
