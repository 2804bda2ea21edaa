package io.memorymachine.local.system;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.memorymachine.backing.KafkaBroker;
import io.memorymachine.backing.PostgresServer;
import io.memorymachine.license.document.DevelopmentLicense;
import io.memorymachine.local.process.Launch;

/** The command lines of the Java processes: the broker and the services. */
final class JavaPrograms {
    /** For a quick start on few processors: no collector threads, classes from the archive. */
    private static final List<String> QUICK_START = List.of("-XX:+UseSerialGC", "-Xshare:auto", "-XX:-UsePerfData");

    /** For whoever computes little: one compiler less. */
    private static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

    private static final String BROKER_HEAP = "-Xmx256m";
    private static final String SERVICE_HEAP = "-Xmx256m";

    /**
     * For many programs on one machine. The heap grows only as far as it is needed; it would begin with a sixty-fourth of
     * the machine's memory. The class archives lie where they were made for: moved, they are written to in every page.
     */
    private static final List<String> SMALL = List.of(
            "-Xms24m",
            "-XX:MinHeapFreeRatio=15",
            "-XX:MaxHeapFreeRatio=30",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0");

    /** glibc gives threads arenas of their own, up to eight for each processor, and each keeps what it once needed. */
    private static final Map<String, String> FEW_ARENAS = Map.of("MALLOC_ARENA_MAX", "2");

    private final RunDirectory directory;
    private final Installation installation;
    private final Ports ports;
    private final Map<String, String> extra;
    private final ClassArchives archives;

    /**
     * The programs of a run directory.
     *
     * @param extra configuration of every service besides what is needed to run at all
     */
    JavaPrograms(
            RunDirectory directory,
            Installation installation,
            Ports ports,
            Map<String, String> extra,
            ClassArchives archives) {
        this.directory = directory;
        this.installation = installation;
        this.ports = ports;
        this.extra = Map.copyOf(extra);
        this.archives = archives;
    }

    Launch broker() throws IOException {
        List<String> command = java(BROKER_HEAP);
        command.add(QUICK_COMPILER);
        command.addAll(archives.brokerOptions());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                KafkaBroker.class.getName(),
                directory.kafka().toString(),
                Integer.toString(ports.kafka())));
        return new Launch("kafka", command, FEW_ARENAS, directory.root());
    }

    /** A service as it is shipped; the database's password stands in the environment, which only root can read. */
    Launch service(ServiceProcess service, PostgresServer postgres) {
        return service(service, service.module(), ports.of(service), postgres);
    }

    /** One more instance of a service, under a name and on a port of its own. */
    Launch service(ServiceProcess service, String name, int port, PostgresServer postgres) {
        List<String> command = java(SERVICE_HEAP);
        if (service != ServiceProcess.PMEM) {
            // Only the optimizing compiler uses the processor's SHA instructions: a checksum takes about nine times
            // as long without.
            command.add(QUICK_COMPILER);
        }
        command.addAll(archives.options(service));
        configuration(service, name, port, postgres).forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", "quarkus-run.jar"));
        Map<String, String> environment = new HashMap<>(FEW_ARENAS);
        environment.put("QUARKUS_DATASOURCE_USERNAME", service.schema());
        environment.put("QUARKUS_DATASOURCE_PASSWORD", postgres.password(service.schema()));
        return new Launch(name, command, environment, installation.application(service));
    }

    private Map<String, String> configuration(ServiceProcess service, String name, int port, PostgresServer postgres) {
        Map<String, String> configuration = new TreeMap<>(extra);
        configuration.put("quarkus.http.host", "127.0.0.1");
        configuration.put("quarkus.http.port", Integer.toString(port));
        configuration.put("mm.http.auth.token-file", directory.token().toString());
        configuration.put("mm.snapshot-service.token-file", directory.token().toString());
        configuration.put("kafka.bootstrap.servers", ports.bootstrapServers());
        // One that was killed and comes back goes on at once, instead of waiting until the broker gives its former self
        // up.
        configuration.put("mp.messaging.connector.smallrye-kafka.group.instance.id", name);
        configuration.put("quarkus.datasource.reactive.url", postgres.reactiveUrl(service.schema()));
        configuration.put("quarkus.datasource.jdbc.url", postgres.jdbcUrl(service.schema()));
        configuration.put("mm.platform", "local");
        configuration.put("mm.local.dir", directory.root().toString());
        configuration.put("mm.node.name", SystemSettings.NODE);
        configuration.put("mm.pmem.encryption-key-file", directory.imageKey().toString());
        configuration.put("mm.pmem.volume", directory.volume().toString());
        configuration.put("mm.pmem.logs", directory.logs().resolve("criu").toString());
        configuration.put("mm.pmem.bin", installation.nativePrograms().toString());
        configuration.put("mm.snapshot-service.url", "http://127.0.0.1:" + ports.of(ServiceProcess.SNAPSHOT));
        configuration.put("mm.license.allow-development", "true");
        configuration.put(
                "mm.license.trusted-keys",
                directory.license().resolve(DevelopmentLicense.TRUSTED_KEYS).toString());
        return configuration;
    }

    private static List<String> java(String heap) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK_START);
        command.addAll(SMALL);
        command.add(heap);
        return command;
    }
}
