package io.memorymachine.local.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.FilePermissionsProvider;
import com.google.cloud.tools.jib.api.buildplan.Port;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;

/**
 * Builds the images of the services. What an image is depends on its base and the built service alone: two builds of one
 * commit give the same digest.
 */
public final class ServiceImages {
    private static final AbsoluteUnixPath APPLICATION = AbsoluteUnixPath.get("/opt/memory-machine/application");
    private static final AbsoluteUnixPath PROGRAMS = AbsoluteUnixPath.get("/opt/memory-machine/bin");
    /** First on every base's path. */
    private static final AbsoluteUnixPath COMMANDS = AbsoluteUnixPath.get("/usr/local/sbin");

    private static final FilePermissions FOLDER = FilePermissions.fromOctalString("755");
    private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");
    private static final FilePermissions FILE = FilePermissions.fromOctalString("644");
    private static final FilePermissionsProvider AS_DATA = (file, path) -> Files.isDirectory(file) ? FOLDER : FILE;
    private static final FilePermissionsProvider AS_PROGRAMS =
            (file, path) -> Files.isDirectory(file) ? FOLDER : PROGRAM;
    private static final int HTTP = 8080;

    /** A user of no distribution, and the one that the manifests name. */
    private static final String USER = "10001:10001";

    private final String base;
    private final boolean insecure;
    private final Path cache;

    /**
     * A builder of images.
     *
     * @param base a reference like {@code eclipse-temurin:17-jre}, or the path of an image's archive
     * @param insecure whether registries without valid TLS are used
     * @param cache a folder for layers
     */
    public ServiceImages(String base, boolean insecure, Path cache) {
        this.base = base;
        this.insecure = insecure;
        this.cache = cache;
    }

    /**
     * A service as it is shipped.
     *
     * @param application {@code quarkus-app}
     */
    public JibContainerBuilder service(Path application) throws IOException {
        JibContainerBuilder image = from().setUser(USER);
        addApplication(image, application);
        return image;
    }

    /**
     * The node's service, with what it needs on a node.
     *
     * @param programs mm-init and the others, and the CRIU bundle
     * @param tools what {@link NodeTools} has collected
     */
    public JibContainerBuilder nodeService(Path application, Path programs, Path tools) throws IOException {
        JibContainerBuilder image = from().setUser("0:0")
                .addFileEntriesLayer(layer("programs", programs, PROGRAMS, AS_PROGRAMS))
                .addFileEntriesLayer(
                        layer("tools", tools.resolve("lib"), AbsoluteUnixPath.get(NodeTools.LIBRARIES), AS_PROGRAMS))
                .addFileEntriesLayer(layer("commands", tools.resolve("bin"), COMMANDS, AS_PROGRAMS));
        addApplication(image, application);
        return image;
    }

    /** Writes an archive that {@code docker load} and {@code skopeo copy docker-archive:} read; returns its digest. */
    public String write(JibContainerBuilder image, String name, Path archive) throws IOException {
        return build(image, Containerizer.to(TarImage.at(archive).named(reference(name))));
    }

    /** Pushes to a registry, with the credentials that {@code docker login} has kept; returns the digest. */
    public String push(JibContainerBuilder image, String name) throws IOException {
        ImageReference reference = reference(name);
        return build(
                image,
                Containerizer.to(RegistryImage.named(reference)
                        .addCredentialRetriever(CredentialRetrieverFactory.forImage(reference, event -> {})
                                .dockerConfig())));
    }

    private JibContainerBuilder from() throws IOException {
        Path archive = Path.of(base);
        if (Files.isRegularFile(archive)) {
            return Jib.from(TarImage.at(archive));
        }
        ImageReference reference = reference(base);
        return Jib.from(RegistryImage.named(reference)
                .addCredentialRetriever(CredentialRetrieverFactory.forImage(reference, event -> {})
                        .dockerConfig()));
    }

    private static void addApplication(JibContainerBuilder image, Path application) throws IOException {
        // What changes rarely comes first, so that a registry has it already.
        for (String folder : List.of("lib", "quarkus", "app")) {
            image.addFileEntriesLayer(layer(folder, application.resolve(folder), APPLICATION.resolve(folder), AS_DATA));
        }
        image.addFileEntriesLayer(FileEntriesLayer.builder()
                        .setName("start")
                        .addEntry(
                                application.resolve("quarkus-run.jar"),
                                APPLICATION.resolve("quarkus-run.jar"),
                                FILE,
                                Instant.EPOCH.plusSeconds(1))
                        .build())
                .setWorkingDirectory(APPLICATION)
                .addExposedPort(Port.tcp(HTTP))
                .setCreationTime(Instant.EPOCH)
                .setEntrypoint(
                        "java",
                        "-XX:+UseSerialGC",
                        "-XX:MaxRAMPercentage=50",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-jar",
                        "quarkus-run.jar");
    }

    private static FileEntriesLayer layer(
            String name, Path folder, AbsoluteUnixPath target, FilePermissionsProvider permissions) throws IOException {
        return FileEntriesLayer.builder()
                .setName(name)
                .addEntryRecursive(folder, target, permissions)
                .build();
    }

    private String build(JibContainerBuilder image, Containerizer to) throws IOException {
        to.setAllowInsecureRegistries(insecure)
                .setBaseImageLayersCache(cache.resolve("base"))
                .setApplicationLayersCache(cache.resolve("application"))
                .setToolName("memory-machine");
        try {
            JibContainer built = image.containerize(to);
            return built.getDigest().toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while an image was built", e);
        } catch (ExecutionException | RegistryException | CacheDirectoryCreationException e) {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            throw new IOException("the image cannot be built on " + base + ": " + cause.getMessage(), cause);
        }
    }

    private static ImageReference reference(String name) throws IOException {
        try {
            return ImageReference.parse(name);
        } catch (InvalidImageReferenceException e) {
            throw new IOException("'" + name + "' names no image", e);
        }
    }
}
