package io.memorymachine.local.demo;

import java.util.List;
import java.util.stream.IntStream;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.ClientConnectionStrategyConfig.ReconnectMode;
import com.hazelcast.client.config.ClusterRoutingConfig;
import com.hazelcast.client.config.RoutingMode;
import com.hazelcast.core.HazelcastInstance;

import io.memorymachine.local.system.SystemSettings;

/**
 * Hazelcast clients, most of which know the members by name only. For those the JVM has to resolve names through the run directory's hosts
 * file without keeping them: {@code -Djdk.net.hosts.file=<hosts> -Dsun.net.inetaddr.ttl=0}.
 */
public final class DemoClients {
    private static final int PORT = 5701;
    private static final int CONNECT_MILLIS = 500;
    private static final int FIRST_RETRY_MILLIS = 50;
    private static final int LAST_RETRY_MILLIS = 250;

    private static final int CONNECT_AT_ALL_MILLIS = 60_000;

    private DemoClients() {}

    /** A client of the cluster; each call opens connections of its own. */
    public static HazelcastInstance connect(SystemSettings settings, String name) {
        ClientConfig config = patient(name);
        List<String> addresses = IntStream.range(0, settings.members())
                .mapToObj(
                        ordinal -> SystemSettings.WORKLOAD + "-" + ordinal + "." + SystemSettings.WORKLOAD + ":" + PORT)
                .toList();
        config.getNetworkConfig().setAddresses(addresses);
        return HazelcastClient.newHazelcastClient(config);
    }

    /**
     * A client that uses no names, for a system whose hosts file is not the JVM's. It speaks with one member for as long as that
     * lives: the others it would look for by the names that they go by.
     *
     * @param addresses of members, of which the first that answers is taken
     * @throws IllegalStateException if none does within a minute
     */
    public static HazelcastInstance connect(List<String> addresses, String name) {
        ClientConfig config = patient(name);
        config.getNetworkConfig()
                .setAddresses(
                        addresses.stream().map(address -> address + ":" + PORT).toList())
                .setClusterRoutingConfig(new ClusterRoutingConfig().setRoutingMode(RoutingMode.SINGLE_MEMBER));
        config.getConnectionStrategyConfig()
                .setReconnectMode(ReconnectMode.OFF)
                .getConnectionRetryConfig()
                .setClusterConnectTimeoutMillis(CONNECT_AT_ALL_MILLIS);
        return HazelcastClient.newHazelcastClient(config);
    }

    private static ClientConfig patient(String name) {
        ClientConfig config = new ClientConfig();
        config.setClusterName(SystemSettings.CLUSTER);
        config.setInstanceName(name);
        config.setProperty("hazelcast.logging.type", "none");
        // A member that was destroyed takes its end of the connection with it: notice that soon.
        config.setProperty("hazelcast.client.heartbeat.interval", "500");
        config.setProperty("hazelcast.client.heartbeat.timeout", "2000");
        // The addresses of destroyed members answer nothing: an attempt there must not hold up one to a
        // new address. Both the load and the meter write the same value again when they repeat.
        config.getNetworkConfig().setRedoOperation(true).setConnectionTimeout(CONNECT_MILLIS);
        config.getConnectionStrategyConfig()
                .getConnectionRetryConfig()
                .setInitialBackoffMillis(FIRST_RETRY_MILLIS)
                .setMaxBackoffMillis(LAST_RETRY_MILLIS);
        return config;
    }
}
