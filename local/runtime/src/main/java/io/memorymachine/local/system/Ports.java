package io.memorymachine.local.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ports on loopback. */
public record Ports(int license, int pmem, int snapshot, int restore, int kafka, int postgres) {
    /** Those that the documentation names. */
    public static final Ports DEFAULTS = new Ports(8081, 8082, 8083, 8084, 19092, 15432);

    private static final String LOOPBACK = "127.0.0.1";

    /** Ports that nobody uses now. */
    public static Ports free() {
        List<ServerSocket> held = new ArrayList<>();
        try {
            // Held together, or the kernel might hand out one of them twice.
            for (int i = 0; i < 6; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK)));
            }
            int[] ports = held.stream().mapToInt(ServerSocket::getLocalPort).toArray();
            return new Ports(ports[0], ports[1], ports[2], ports[3], ports[4], ports[5]);
        } catch (IOException e) {
            throw new UncheckedIOException("no free ports on loopback", e);
        } finally {
            held.forEach(Ports::release);
        }
    }

    /** The HTTP port of a service. */
    public int of(ServiceProcess service) {
        return switch (service) {
            case LICENSE -> license;
            case PMEM -> pmem;
            case SNAPSHOT -> snapshot;
            case RESTORE -> restore;
        };
    }

    /** These, but for one service's. */
    public Ports with(ServiceProcess service, int port) {
        return new Ports(
                service == ServiceProcess.LICENSE ? port : license,
                service == ServiceProcess.PMEM ? port : pmem,
                service == ServiceProcess.SNAPSHOT ? port : snapshot,
                service == ServiceProcess.RESTORE ? port : restore,
                kafka,
                postgres);
    }

    /** Where a service's HTTP API is. */
    public String url(ServiceProcess service) {
        return "http://" + LOOPBACK + ":" + of(service);
    }

    /** Where clients find the broker. */
    public String bootstrapServers() {
        return LOOPBACK + ":" + kafka;
    }

    /** All of them with the names of the processes that listen there. */
    public Map<String, Integer> byName() {
        Map<String, Integer> byName = new LinkedHashMap<>();
        byName.put("kafka", kafka);
        byName.put("postgres", postgres);
        for (ServiceProcess service : ServiceProcess.values()) {
            byName.put(service.module(), of(service));
        }
        return byName;
    }

    /** Whether a port on loopback can be listened on now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(LOOPBACK), port));
            return true;
        } catch (IOException e) {
            // Whatever the kernel's reason is: nobody can listen there.
            return false;
        }
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
