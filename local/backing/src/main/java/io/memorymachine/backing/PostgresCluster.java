package io.memorymachine.backing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A PostgreSQL data directory with the product's database in it: makes it, and knows the command that serves it. */
final class PostgresCluster {
    private static final String SUPERUSER = "postgres";

    private final Path bin;
    private final Path directory;
    private final boolean durable;
    private final TlsMaterial tls;

    PostgresCluster(Path bin, Path directory, boolean durable, TlsMaterial tls) {
        this.bin = bin;
        this.directory = directory;
        this.durable = durable;
        this.tls = tls;
    }

    Path data() {
        return directory.resolve("data");
    }

    /** Makes the database unless it is there; it appears with one rename, after its credentials. */
    PostgresCredentials createIfMissing() throws IOException {
        Path credentialsFile = directory.resolve("credentials.properties");
        if (Files.isDirectory(data())) {
            return PostgresCredentials.read(credentialsFile);
        }
        Path fresh = directory.resolve("data.new");
        PostgresBinaries.deleteTree(fresh);
        Files.deleteIfExists(credentialsFile);
        PostgresCredentials credentials =
                PostgresCredentials.generate(Stream.concat(Stream.of(SUPERUSER), PostgresServer.SCHEMAS.stream())
                        .toList());
        credentials.write(credentialsFile);
        initialize(fresh, credentials);
        Files.move(fresh, data(), StandardCopyOption.ATOMIC_MOVE);
        return credentials;
    }

    /** The command of a server, which runs in the foreground in a session of its own. */
    List<String> serverCommand(int port, boolean detached) throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(unprivileged());
        if (!detached) {
            command.addAll(List.of("setpriv", "--pdeathsig", "INT"));
        }
        command.addAll(List.of(bin.resolve("postgres").toString(), "-D", data().toString()));
        settings(port).forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        tlsSettings().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return command;
    }

    private Map<String, String> tlsSettings() throws IOException {
        if (tls == null) {
            return Map.of();
        }
        Path hosts = directory.resolve("hostssl.conf");
        Files.writeString(hosts, "hostssl all all 127.0.0.1/32 scram-sha-256\n");
        return Map.of(
                "ssl", "on",
                "ssl_cert_file", tls.certificate().toString(),
                "ssl_key_file", tls.key().toString(),
                "hba_file", hosts.toString());
    }

    private Map<String, String> settings(int port) {
        String durability = durable ? "on" : "off";
        return Map.ofEntries(
                Map.entry("port", Integer.toString(port)),
                Map.entry("listen_addresses", "127.0.0.1"),
                Map.entry("unix_socket_directories", ""),
                Map.entry("fsync", durability),
                // Else a server that is killed forgets what it has confirmed: for a while it would be in its memory
                // only. The
                // kernel keeps what was written to it, synced or not.
                Map.entry("synchronous_commit", "on"),
                Map.entry("full_page_writes", durability),
                Map.entry("log_min_messages", "warning"),
                Map.entry("log_checkpoints", "off"),
                // A small machine: few processes, little memory, nothing in /dev/shm that a kill could leave there.
                Map.entry("shared_buffers", "64MB"),
                Map.entry("huge_pages", "off"),
                Map.entry("io_method", "sync"),
                Map.entry("dynamic_shared_memory_type", "mmap"),
                Map.entry("jit", "off"));
    }

    private void initialize(Path fresh, PostgresCredentials credentials) throws IOException {
        Path superuserPassword = directory.resolve("password.new");
        Files.deleteIfExists(superuserPassword);
        Files.createFile(
                superuserPassword, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(superuserPassword, credentials.password(SUPERUSER));
            List<String> initdb = new ArrayList<>(List.of(
                    bin.resolve("initdb").toString(),
                    "--pgdata=" + fresh,
                    "--username=" + SUPERUSER,
                    "--pwfile=" + superuserPassword,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--set=dynamic_shared_memory_type=mmap",
                    "--no-instructions"));
            if (!durable) {
                initdb.add("--no-sync");
            }
            run(initdb, "");
        } finally {
            Files.deleteIfExists(superuserPassword);
        }
        singleUser(fresh, SUPERUSER, List.of("CREATE DATABASE " + PostgresServer.DATABASE));
        List<String> statements = new ArrayList<>();
        statements.add("REVOKE ALL ON SCHEMA public FROM PUBLIC");
        for (String schema : PostgresServer.SCHEMAS) {
            statements.add("CREATE ROLE " + schema + " LOGIN PASSWORD '" + credentials.password(schema) + "'");
            statements.add("CREATE SCHEMA " + schema + " AUTHORIZATION " + schema);
        }
        singleUser(fresh, PostgresServer.DATABASE, statements);
    }

    /** Runs statements, a line each, without a server; the first that fails fails the run. */
    private void singleUser(Path data, String database, List<String> statements) throws IOException {
        run(
                List.of(
                        bin.resolve("postgres").toString(),
                        "--single",
                        "-D",
                        data.toString(),
                        "-c",
                        "exit_on_error=on",
                        "-c",
                        "fsync=" + (durable ? "on" : "off"),
                        database),
                statements.stream().map(line -> line + "\n").collect(Collectors.joining()));
    }

    private void run(List<String> program, String input) throws IOException {
        List<String> command = new ArrayList<>(unprivileged());
        command.addAll(program);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        // Less than a pipe holds, so it cannot block before the output is read.
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(program.get(0) + " failed (" + process.exitValue() + "): " + output.strip());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + program.get(0) + " ran", e);
        }
    }

    /** Under root: a user namespace without mappings. The files stay root's, PostgreSQL sees itself as nobody. */
    private static List<String> unprivileged() throws IOException {
        boolean root = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        return root ? List.of("unshare", "--user") : List.of();
    }
}
