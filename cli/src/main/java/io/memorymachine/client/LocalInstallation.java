package io.memorymachine.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

import com.fasterxml.jackson.databind.JsonNode;

/** The system on this machine that {@code ./mm up} has started: its services listen on loopback. */
public final class LocalInstallation implements Installation {
    /** The file of a run directory that holds what the system was started with; among others its ports. */
    public static final String SETTINGS = "system.json";

    /** The file of a run directory that holds the token which the services ask for. */
    public static final String TOKEN = "token";

    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);

    private final Path directory;
    private final Map<Service, URI> bases;
    private HttpClient http;

    private LocalInstallation(Path directory, Map<Service, URI> bases) {
        this.directory = directory;
        this.bases = bases;
    }

    /**
     * The system of a run directory; empty where none was started, or it was taken down.
     *
     * @throws UnreachableException if its settings cannot be read
     */
    public static Optional<LocalInstallation> in(Path directory) {
        Path settings = directory.resolve(SETTINGS);
        if (!Files.exists(settings)) {
            return Optional.empty();
        }
        try {
            JsonNode ports = Json.tree(Files.readString(settings)).path("ports");
            Map<Service, URI> bases = new EnumMap<>(Service.class);
            for (Service service : Service.values()) {
                int port = ports.path(service.name().toLowerCase(Locale.ROOT)).asInt(0);
                if (port == 0) {
                    throw new UnreachableException(settings + " names no port of " + service.module());
                }
                bases.put(service, URI.create("http://127.0.0.1:" + port + "/"));
            }
            return Optional.of(new LocalInstallation(directory, bases));
        } catch (IOException e) {
            throw new UnreachableException(settings + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public String description() {
        return "the system on this machine (" + directory + ")";
    }

    @Override
    public URI base(Service service) {
        return bases.get(service);
    }

    @Override
    public List<URI> instances(Service service) {
        return List.of(base(service));
    }

    @Override
    public Map<String, String> credentials() {
        Path token = directory.resolve(TOKEN);
        try {
            return Map.of("Authorization", "Bearer " + Files.readString(token).strip());
        } catch (IOException e) {
            throw new UnreachableException("the services' token cannot be read from " + token + " (its owner can)", e);
        }
    }

    @Override
    public synchronized HttpClient http() {
        if (http == null) {
            http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_WITHIN)
                    .sslContext(withoutAuthorities())
                    .build();
        }
        return http;
    }

    /** The client wants one also where nothing is encrypted; the default reads every authority that the JDK knows. */
    private static SSLContext withoutAuthorities() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }
}
