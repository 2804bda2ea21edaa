package io.memorymachine.backing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A single-node Kafka broker (KRaft, broker and controller in one) in this JVM, on loopback.
 *
 * <p>The directory is the broker's whole state. It is formatted when it is new; the mark of a formatted directory is
 * written last, so a death while formatting means that the next start formats again. A death later is a crash of
 * Kafka, which recovers by itself.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final int NODE_ID = 1;

    /** A constant, so that formatting a directory that is formatted already changes nothing. */
    private static final Uuid CLUSTER_ID = new Uuid(0x6d656d6f72796d61L, 0x6368696e65303031L);

    private final KafkaRaftServer server;
    private final int port;
    private final Map<String, String> client;
    private boolean closed;

    private KafkaBroker(KafkaRaftServer server, int port, Map<String, String> client) {
        this.server = server;
        this.port = port;
        this.client = client;
    }

    /** Starts a broker with the product's topics, one partition each. See {@link #start(Path, int, int)}. */
    public static KafkaBroker start(Path directory, int port) throws IOException {
        return start(directory, port, 1);
    }

    /**
     * Starts a broker and returns when it serves and has the product's topics.
     *
     * @param directory made if missing; nobody else may use it meanwhile (Kafka locks it)
     * @param port 0 for any free one
     * @param partitions of each of the product's topics that does not exist yet
     * @throws IOException if the directory cannot be formatted or the topics cannot be made; nothing runs then
     */
    public static KafkaBroker start(Path directory, int port, int partitions) throws IOException {
        return start(directory, port, partitions, Map.of(), Map.of());
    }

    /** Starts a broker that is reached over TLS and by one user only. See {@link #start(Path, int, int)}. */
    public static KafkaBroker startGuarded(Path directory, TlsMaterial tls) throws IOException {
        return start(directory, 0, 1, tls.kafkaBroker(), tls.kafkaClient());
    }

    private static KafkaBroker start(
            Path directory, int port, int partitions, Map<String, String> broker, Map<String, String> client)
            throws IOException {
        int clientPort = FreePort.orElse(port);
        int controllerPort = FreePort.otherThan(clientPort);
        Path logs = Files.createDirectories(directory).toRealPath();
        format(logs);
        Map<String, String> config = config(logs, clientPort, controllerPort);
        config.putAll(broker);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(config, false), Time.SYSTEM);
        KafkaBroker started = new KafkaBroker(server, clientPort, client);
        try {
            server.startup();
            started.createTopics(Topics.ALL, partitions);
        } catch (RuntimeException | IOException e) {
            started.close();
            throw e;
        }
        return started;
    }

    /** Returns host and port for clients. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Creates topics; those that exist stay as they are. */
    public void createTopics(List<String> names, int partitions) throws IOException {
        Map<String, Object> config = new HashMap<>(client);
        config.put("bootstrap.servers", bootstrapServers());
        try (Admin admin = Admin.create(config)) {
            List<NewTopic> topics = names.stream()
                    .map(name -> new NewTopic(name, partitions, (short) 1))
                    .toList();
            for (var created : admin.createTopics(topics).values().entrySet()) {
                try {
                    created.getValue().get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new IOException("topic " + created.getKey() + " cannot be created", e.getCause());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while creating topics", e);
        }
    }

    /** Shuts the broker down and waits for its end. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            server.shutdown();
            server.awaitShutdown();
        }
    }

    private static void format(Path logs) throws IOException {
        Formatter formatter = new Formatter()
                .setNodeId(NODE_ID)
                .setClusterId(CLUSTER_ID.toString())
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(logs.toString())
                .addDirectory(logs.toString())
                .setIgnoreFormatted(true)
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try {
            formatter.run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("Kafka's directory " + logs + " cannot be formatted", e);
        }
    }

    private static Map<String, String> config(Path logs, int clientPort, int controllerPort) {
        Map<String, String> config = new HashMap<>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", Integer.toString(NODE_ID));
        config.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        config.put("listeners", "CLIENT://127.0.0.1:" + clientPort + ",CONTROLLER://127.0.0.1:" + controllerPort);
        config.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("inter.broker.listener.name", "CLIENT");
        config.put("controller.listener.names", "CONTROLLER");
        config.put("log.dirs", logs.toString());
        // A broker that was killed comes back only when the controller has given up its former self.
        config.put("broker.session.timeout.ms", "3000");
        config.put("broker.heartbeat.interval.ms", "500");
        // One node: nothing to replicate to.
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            config.put(topic + ".num.partitions", "1");
            config.put(topic + ".replication.factor", "1");
        }
        config.put("transaction.state.log.min.isr", "1");
        config.put("share.coordinator.state.topic.min.isr", "1");
        config.put("default.replication.factor", "1");
        // Consumer groups of a few known members: no reason to wait for more of them.
        config.put("group.initial.rebalance.delay.ms", "0");
        // A small machine.
        config.put("num.network.threads", "2");
        config.put("num.io.threads", "2");
        config.put("background.threads", "2");
        config.put("num.recovery.threads.per.data.dir", "1");
        config.put("log.cleaner.dedupe.buffer.size", Long.toString(16L << 20));
        return config;
    }

    /**
     * Runs a broker as a process: prints {@code READY <host:port>} to stdout when it serves, ends at SIGTERM.
     *
     * @param args directory, port, and optionally the number of partitions
     */
    public static void main(String[] args) throws Exception {
        QuietLogging.install();
        if (args.length < 2 || args.length > 3) {
            System.err.println("usage: KafkaBroker <directory> <port> [<partitions>]");
            System.exit(64);
        }
        int partitions = args.length == 3 ? Integer.parseInt(args[2]) : 1;
        KafkaBroker broker = start(Path.of(args[0]), Integer.parseInt(args[1]), partitions);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "kafka-shutdown"));
        System.out.println("READY " + broker.bootstrapServers());
        broker.server.awaitShutdown();
    }
}
