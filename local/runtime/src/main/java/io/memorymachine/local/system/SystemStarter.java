package io.memorymachine.local.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import io.memorymachine.backing.PostgresServer;
import io.memorymachine.license.document.DevelopmentLicense;
import io.memorymachine.local.Json;
import io.memorymachine.local.api.Services;
import io.memorymachine.local.console.Amounts;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.process.LogTail;
import io.memorymachine.local.process.ProcessRecord;
import io.memorymachine.local.process.Processes;
import io.memorymachine.local.process.StartFailedException;
import io.memorymachine.local.system.TaskGraph.Task;

/**
 * Starts what of a system does not run. All parts start at the same time but for what one needs of another: the services
 * need the database for their migrations, the members need the volume and the image.
 *
 * <p>If it fails half-way, what was started runs on; {@link TakeDown} removes it.
 */
public final class SystemStarter {
    private static final Duration BROKER_WITHIN = Duration.ofSeconds(90);
    private static final Duration SERVICE_WITHIN = Duration.ofSeconds(180);

    private final RunDirectory directory;
    private final SystemSettings settings;
    private final Console console;
    private final Processes processes;
    private final Services services;
    private final JavaPrograms programs;
    private final Members members;

    /** Starts a system with these settings; its processes are those of {@code processes}. */
    public SystemStarter(
            RunDirectory directory,
            Installation installation,
            SystemSettings settings,
            Processes processes,
            Console console) {
        this(directory, installation, settings, processes, console, Map.of(), ClassArchives.use(installation));
    }

    /**
     * Likewise, with services that are configured otherwise than by default.
     *
     * @param configuration properties for every service
     * @param archives with which broker and services start
     */
    public SystemStarter(
            RunDirectory directory,
            Installation installation,
            SystemSettings settings,
            Processes processes,
            Console console,
            Map<String, String> configuration,
            ClassArchives archives) {
        this.directory = directory;
        this.settings = settings;
        this.processes = processes;
        this.console = console;
        this.services = new Services(settings.ports(), directory.token());
        this.programs = new JavaPrograms(directory, installation, settings.ports(), configuration, archives);
        this.members = new Members(directory, installation, settings);
    }

    /**
     * Starts what does not run and returns when everything is ready.
     *
     * @throws StartFailedException with the reason and, where a process ended, the last of its log
     */
    public void start() {
        refuseTakenPorts();
        Json.write(directory.settings(), settings);
        SecretFile.ensure(directory.token(), Base64.getUrlEncoder().withoutPadding());
        SecretFile.ensure(directory.imageKey(), Base64.getEncoder());
        AtomicReference<PostgresServer> database = new AtomicReference<>();
        TaskGraph graph = new TaskGraph(console);
        Task postgres = graph.add("PostgreSQL", () -> {
            database.set(postgres());
            return "127.0.0.1:" + settings.ports().postgres();
        });
        graph.add("Kafka broker", this::broker);
        Task license = graph.add("development licence", this::issueLicense);
        Task volume = graph.add("pmem volume", this::volume);
        Map<ServiceProcess, Task> ready = new EnumMap<>(ServiceProcess.class);
        for (ServiceProcess service : ServiceProcess.values()) {
            ready.put(service, graph.add(service.module(), () -> service(service, database.get()), postgres, license));
        }
        if (settings.members() > 0) {
            Task image = graph.add("member image", members::image);
            Task created = graph.add("members", members::create, volume, image);
            graph.add("cluster", members::awaitCluster, created);
        }
        graph.add("licence installed", this::installLicense, ready.get(ServiceProcess.LICENSE));
        graph.run();
    }

    /**
     * Starts one process again that has ended, and returns when it is ready; does nothing where it runs.
     *
     * @param name as in {@link Ports#byName}
     * @throws StartFailedException as {@link #start}
     */
    public void startAgain(String name) {
        try {
            switch (name) {
                case "postgres" -> postgres();
                case "kafka" -> broker();
                default -> service(ServiceProcess.ofModule(name), postgres());
            }
        } catch (IOException e) {
            throw new StartFailedException(name + " does not start again: " + e.getMessage(), e);
        }
    }

    /**
     * Starts one more instance of a service and returns when it is ready.
     *
     * @param name of the process
     */
    public void startBeside(ServiceProcess service, String name, int port) {
        try {
            ProcessRecord process = processes.start(programs.service(service, name, port, postgres()));
            Services itself = new Services(settings.ports().with(service, port), directory.token());
            processes.awaitReady(process, SERVICE_WITHIN, () -> itself.ready(service));
        } catch (IOException e) {
            throw new StartFailedException(name + " does not start: " + e.getMessage(), e);
        }
    }

    /** Makes all members anew, without data, unless all of them run, and returns when they are a whole cluster. */
    public void makeMembers() {
        try {
            members.create();
        } catch (IOException e) {
            throw new StartFailedException("the members cannot be made: " + e.getMessage(), e);
        }
        members.awaitCluster();
    }

    /** The database, started if it does not run. */
    public PostgresServer database() {
        try {
            return postgres();
        } catch (IOException e) {
            throw new StartFailedException("PostgreSQL does not start: " + e.getMessage(), e);
        }
    }

    /** A port that somebody else uses would fail much later and say much less. */
    private void refuseTakenPorts() {
        settings.ports().byName().forEach((name, port) -> {
            if (processes.running(name).isEmpty() && !Ports.isFree(port)) {
                throw new StartFailedException("port " + port + " on 127.0.0.1, which " + name
                        + " needs, is in use by another program: end that, or use --ports free");
            }
        });
    }

    /** One at a time: whoever comes second finds the server that the first has started. */
    private synchronized PostgresServer postgres() throws IOException {
        // The record is only for looking at it; PostgreSQL finds its server by the data directory.
        PostgresServer server = PostgresServer.attachOrStart(new PostgresServer.Options(
                directory.postgres(), settings.ports().postgres(), false, true, PostgresServer.Options.defaultCache()));
        if (processes.running("postgres").isEmpty()) {
            processes.record(
                    "postgres",
                    server.pid(),
                    List.of("postgres"),
                    directory.postgres().resolve("postgres.log"));
        }
        return server;
    }

    private String broker() throws IOException {
        ProcessRecord broker = processes.start(programs.broker());
        Path log = Path.of(broker.log());
        processes.awaitReady(
                broker, BROKER_WITHIN, () -> LogTail.of(log, 50).stream().anyMatch(line -> line.startsWith("READY ")));
        return settings.ports().bootstrapServers();
    }

    private String service(ServiceProcess service, PostgresServer postgres) {
        ProcessRecord process = processes.start(programs.service(service, postgres));
        processes.awaitReady(process, SERVICE_WITHIN, () -> services.ready(service));
        return settings.ports().url(service);
    }

    private String volume() {
        new Volume(directory).create(settings.volumeBytes(), settings.volumeInMemory());
        return Amounts.size(settings.volumeBytes()) + " XFS with reflinks, "
                + (settings.volumeInMemory() ? "in memory" : "on disk");
    }

    private String issueLicense() throws IOException {
        return "valid until "
                + new DevelopmentLicense(directory.license(), Clock.systemUTC())
                        .ensure()
                        .expires();
    }

    private String installLicense() throws IOException {
        services.installLicense(Files.readAllBytes(directory.license().resolve(DevelopmentLicense.LICENSE)));
        return "";
    }

    /** What a run directory's system was started with, if one was. */
    public static Optional<SystemSettings> settingsOf(RunDirectory directory) {
        return Json.read(directory.settings(), SystemSettings.class);
    }
}
