package io.memorymachine.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import com.google.cloud.tools.jib.api.JibContainerBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import io.memorymachine.local.console.Console;
import io.memorymachine.local.container.NodeTools;
import io.memorymachine.local.container.ServiceImages;
import io.memorymachine.local.system.Installation;
import io.memorymachine.local.system.ServiceProcess;
import io.memorymachine.pmem.runtime.Trees;

/** Builds the services' container images. */
@Command(
        name = "images",
        description = "Build the services' container images as archives, without a container engine.",
        mixinStandardHelpOptions = true)
final class ImagesCommand implements Callable<Integer> {
    @Option(
            names = "--base",
            paramLabel = "IMAGE",
            defaultValue = "docker.io/library/eclipse-temurin:17-jre",
            description =
                    "Image with a Java 17 runtime and a shell: a name, or the path of an archive (${DEFAULT-VALUE}).")
    private String base;

    @Option(names = "--to", paramLabel = "DIR", description = "Where the archives go (target/images).")
    private Path to;

    @Option(names = "--push", paramLabel = "REPO", description = "Push to REPO/NAME:TAG instead of writing archives.")
    private String repository;

    @Option(names = "--tag", defaultValue = "0.1.0", description = "The images' tag (${DEFAULT-VALUE}).")
    private String tag;

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = "Only these: ${COMPLETION-CANDIDATES}.")
    private Set<ServiceProcess> only = EnumSet.allOf(ServiceProcess.class);

    @Option(names = "--insecure", description = "Also use registries without valid TLS.")
    private boolean insecure;

    @Override
    public Integer call() throws IOException {
        Console console = Console.standard();
        Installation installation = Installation.find();
        List<Path> missing = installation.missing();
        if (!missing.isEmpty()) {
            throw new IOException("not built: " + missing);
        }
        Path folder = to == null ? installation.root().resolve("target/images") : to;
        Files.createDirectories(folder);
        Path work = Files.createTempDirectory("mm-images");
        try {
            ServiceImages images = new ServiceImages(base, insecure, work.resolve("layers"));
            for (ServiceProcess service : only) {
                JibContainerBuilder image = image(images, service, installation, work, console);
                if (repository != null) {
                    String name = repository + "/" + service.module() + ":" + tag;
                    console.line(name + "@" + images.push(image, name));
                } else {
                    Path archive = folder.resolve(service.module() + ".tar");
                    String digest = images.write(image, "memory-machine/" + service.module() + ":" + tag, archive);
                    console.line(archive + " " + digest);
                }
            }
            return 0;
        } finally {
            Trees.remove(work);
        }
    }

    private static JibContainerBuilder image(
            ServiceImages images, ServiceProcess service, Installation installation, Path work, Console console)
            throws IOException {
        Path application = installation.application(service);
        if (service != ServiceProcess.PMEM) {
            return images.service(application);
        }
        Path tools = work.resolve("tools");
        List<String> absent = NodeTools.collect(tools);
        if (!absent.isEmpty()) {
            console.line("Not on this machine, so not in pmem-service's image: " + String.join(", ", absent)
                    + " (needed for real persistent memory only)");
        }
        return images.nodeService(application, installation.nativePrograms(), tools);
    }
}
