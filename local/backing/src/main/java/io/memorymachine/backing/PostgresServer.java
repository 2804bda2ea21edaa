package io.memorymachine.backing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server on loopback with the database {@code mm} and, for each service, a role and a schema of the same
 * name; the schema belongs to the role, and no role reaches another's. Passwords are generated (SCRAM), Unix sockets
 * are off.
 *
 * <p>PostgreSQL refuses to run as root. Under root it runs in a user namespace without any mapping, where it sees itself
 * as nobody although its files stay root's: it works in directories that only root can enter, and can do less than
 * root outside.
 *
 * <p>The database is made in a directory of its own and renamed when it is whole, so a death meanwhile leaves nothing
 * that the next start would take for a database. A death of the server later is a crash of PostgreSQL, which recovers
 * by itself with all that it has confirmed; from a crash of the machine only where {@link Options#durable} was asked for.
 */
public final class PostgresServer implements AutoCloseable {
    /** The database of the product. */
    public static final String DATABASE = "mm";

    /** The services' roles, which are the names of their schemas too. */
    public static final List<String> SCHEMAS = List.of("license", "pmem", "snapshot", "restore");

    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration ORPHANS_END_WITHIN = Duration.ofSeconds(5);
    private static final Duration FAST_SHUTDOWN_WITHIN = Duration.ofSeconds(20);

    /**
     * How a server is run.
     *
     * @param directory holds {@code data}, {@code credentials.properties} and {@code postgres.log}; made if missing
     * @param port 0 for any free one
     * @param durable whether commits are synced to disk
     * @param detached whether the server survives this JVM ({@link #stop(Path)} ends it), or is shut down as soon as the
     *     JVM ends in whatever way
     * @param cache where the programs are unpacked to, once a machine
     * @param tls if not null, the server is reached over TLS only, and shows this certificate
     */
    public record Options(Path directory, int port, boolean durable, boolean detached, Path cache, TlsMaterial tls) {
        /** A server that is reached without TLS. */
        public Options(Path directory, int port, boolean durable, boolean detached, Path cache) {
            this(directory, port, durable, detached, cache, null);
        }

        /** A server that lives and dies with this JVM, on any port, as fast as can be. */
        public static Options forTests(Path directory) {
            return new Options(directory, 0, false, false, defaultCache());
        }

        /** {@code $MM_CACHE_DIR}, else {@code memory-machine} in the user's cache directory. */
        public static Path defaultCache() {
            String own = System.getenv("MM_CACHE_DIR");
            if (own != null && !own.isEmpty()) {
                return Path.of(own);
            }
            String xdg = System.getenv("XDG_CACHE_HOME");
            Path base =
                    xdg != null && !xdg.isEmpty() ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".cache");
            return base.resolve("memory-machine");
        }
    }

    private final Path directory;
    private final int port;
    private final ProcessHandle process;
    private final PostgresCredentials credentials;

    private PostgresServer(Path directory, int port, ProcessHandle process, PostgresCredentials credentials) {
        this.directory = directory;
        this.port = port;
        this.process = process;
        this.credentials = credentials;
    }

    /**
     * Starts a server, made first where the directory holds none, and returns when it takes connections.
     *
     * @throws IOException if it cannot be made or does not come up, with the last of its log; nothing runs then
     * @throws IllegalStateException if a server runs in this directory already
     */
    public static PostgresServer start(Options options) throws IOException {
        Path directory = Files.createDirectories(options.directory()).toRealPath();
        runningIn(directory).ifPresent(running -> {
            throw new IllegalStateException("PostgreSQL runs in " + directory + " already, pid " + running.pid());
        });
        Path bin = PostgresBinaries.unpack(options.cache()).resolve("bin");
        PostgresCluster cluster = new PostgresCluster(bin, directory, options.durable(), options.tls());
        PostgresCredentials credentials = cluster.createIfMissing();
        awaitEndOfFormer(cluster.data());
        int port = FreePort.orElse(options.port());
        Path log = directory.resolve("postgres.log");
        Process process = launch(cluster.serverCommand(port, options.detached()), log);
        try {
            awaitReady(cluster.data(), process, log);
        } catch (IOException | RuntimeException e) {
            end(process.toHandle());
            throw e;
        }
        return new PostgresServer(directory, port, process.toHandle(), credentials);
    }

    /**
     * The server that runs in a directory, whoever started it, or a new one where none does.
     *
     * @throws IOException as {@link #start}
     */
    public static PostgresServer attachOrStart(Options options) throws IOException {
        Path directory = Files.createDirectories(options.directory()).toRealPath();
        Optional<ProcessHandle> running = runningIn(directory);
        if (running.isEmpty()) {
            return start(options);
        }
        int port = Integer.parseInt(pidFile(directory.resolve("data")).get(3).trim());
        return new PostgresServer(
                directory, port, running.get(), PostgresCredentials.read(directory.resolve("credentials.properties")));
    }

    /** Shuts down the server in a directory, whoever started it; returns false if none runs there. */
    public static boolean stop(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        Optional<ProcessHandle> running = runningIn(directory.toRealPath());
        running.ifPresent(PostgresServer::end);
        return running.isPresent();
    }

    /** Returns the port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Returns the process id of the server itself. */
    public long pid() {
        return process.pid();
    }

    /** Whether the server that this stands for runs. */
    public boolean isRunning() {
        return process.isAlive();
    }

    /** Returns the directory given, resolved. */
    public Path directory() {
        return directory;
    }

    /** Returns a role's password; {@code postgres} is the superuser, the other roles are {@link #SCHEMAS}. */
    public String password(String role) {
        return credentials.password(role);
    }

    /** Returns a JDBC URL with the schema as search path, without user and password. */
    public String jdbcUrl(String schema) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE + "?currentSchema=" + schema;
    }

    /** Returns a URL for the Vert.x client with the schema as search path, without user and password. */
    public String reactiveUrl(String schema) {
        return "postgresql://127.0.0.1:" + port + "/" + DATABASE + "?search_path=" + schema;
    }

    /** Shuts the server down (open connections are cut) and waits for its end. A second call does nothing. */
    @Override
    public void close() {
        end(process);
    }

    /**
     * A child may ask the kernel to be signalled when the <em>thread</em> that made it ends. So that thread has to live
     * as long as the server.
     */
    private static Process launch(List<String> command, Path log) throws IOException {
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread parent = new Thread(
                () -> {
                    try {
                        ProcessBuilder builder = new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
                        Process process = builder.start();
                        process.getOutputStream().close();
                        started.complete(process);
                        process.waitFor();
                    } catch (IOException e) {
                        started.completeExceptionally(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "postgres-parent");
        parent.setDaemon(true);
        parent.start();
        try {
            return started.get();
        } catch (ExecutionException e) {
            throw new IOException("PostgreSQL cannot be started", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting PostgreSQL", e);
        }
    }

    /** The server writes its state into its pid file; there is no event to wait for but its end. */
    private static void awaitReady(Path data, Process process, Path log) throws IOException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        try {
            while (!isReady(data, process.pid())) {
                if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
                    throw new IOException(
                            "PostgreSQL ended while starting (" + process.exitValue() + "): " + tail(log));
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException("PostgreSQL is not ready after " + READY_WITHIN + ": " + tail(log));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting PostgreSQL", e);
        }
    }

    private static boolean isReady(Path data, long pid) throws IOException {
        List<String> lines = pidFile(data);
        return lines.size() >= 8
                && lines.get(0).trim().equals(Long.toString(pid))
                && lines.get(7).trim().equals("ready");
    }

    private static List<String> pidFile(Path data) throws IOException {
        try {
            return Files.readAllLines(data.resolve("postmaster.pid"));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** A pid file may be left over and its pid be anybody's by now: the server is who works in the data directory. */
    private static Optional<ProcessHandle> runningIn(Path directory) throws IOException {
        Path data = directory.resolve("data");
        List<String> lines = pidFile(data);
        if (lines.isEmpty() || !lines.get(0).trim().matches("\\d{1,9}")) {
            return Optional.empty();
        }
        long pid = Long.parseLong(lines.get(0).trim());
        return ProcessHandle.of(pid).filter(candidate -> worksIn(pid, data));
    }

    private static boolean worksIn(long pid, Path directory) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd"))
                    .equals(directory);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A server that was killed leaves its children, which end as soon as they notice. A new one refuses to start while any
     * of them may still write.
     */
    private static void awaitEndOfFormer(Path data) throws IOException {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            for (ProcessHandle left :
                    all.filter(process -> worksThere(process.pid(), data)).toList()) {
                if (!awaitEnd(left, ORPHANS_END_WITHIN)) {
                    left.destroyForcibly();
                    awaitEnd(left, ORPHANS_END_WITHIN);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the former PostgreSQL ended", e);
        }
    }

    /** As {@link #worksIn}, of any process: many end while they are looked at. */
    private static boolean worksThere(long pid, Path directory) {
        try {
            return worksIn(pid, directory);
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for the clients to go, SIGKILL loses what is not synced. */
    private static void end(ProcessHandle process) {
        if (!process.isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (!awaitEnd(process, FAST_SHUTDOWN_WITHIN)) {
                process.destroyForcibly();
                awaitEnd(process, FAST_SHUTDOWN_WITHIN);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static boolean awaitEnd(ProcessHandle process, Duration within) throws InterruptedException {
        try {
            process.onExit().get(within.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a process cannot fail", e);
        } catch (java.util.concurrent.TimeoutException e) {
            return false;
        }
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(log));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
    }

    /**
     * Runs a server as a process: prints {@code READY <host:port>} to stdout when it serves, ends at SIGTERM, and the
     * server with it.
     *
     * @param args directory, port, and optionally {@code durable}
     */
    public static void main(String[] args) throws Exception {
        QuietLogging.install();
        boolean durable = args.length == 3 && args[2].equals("durable");
        if (args.length < 2 || args.length > 3 || args.length == 3 && !durable) {
            System.err.println("usage: PostgresServer <directory> <port> [durable]");
            System.exit(64);
        }
        PostgresServer server =
                start(new Options(Path.of(args[0]), Integer.parseInt(args[1]), durable, false, Options.defaultCache()));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "postgres-shutdown"));
        System.out.println("READY 127.0.0.1:" + server.port());
        server.process.onExit().join();
        System.exit(1);
    }
}
