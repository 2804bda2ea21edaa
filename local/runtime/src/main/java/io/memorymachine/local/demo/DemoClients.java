package io.memorymachine.local.demo;

import java.util.List;
import java.util.stream.IntStream;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;

import io.memorymachine.local.system.SystemSettings;

/**
 * Hazelcast clients that know the members by name only. The JVM has to resolve names through the run directory's hosts
 * file without keeping them: {@code -Djdk.net.hosts.file=<hosts> -Dsun.net.inetaddr.ttl=0}.
 */
public final class DemoClients {
    private static final int PORT = 5701;
    private static final int CONNECT_MILLIS = 500;
    private static final int FIRST_RETRY_MILLIS = 50;
    private static final int LAST_RETRY_MILLIS = 250;

    private DemoClients() {}

    /** A client of the cluster; each call opens connections of its own. */
    public static HazelcastInstance connect(SystemSettings settings, String name) {
        ClientConfig config = new ClientConfig();
        config.setClusterName(SystemSettings.CLUSTER);
        config.setInstanceName(name);
        config.setProperty("hazelcast.logging.type", "none");
        // A member that was destroyed takes its end of the connection with it: notice that soon.
        config.setProperty("hazelcast.client.heartbeat.interval", "500");
        config.setProperty("hazelcast.client.heartbeat.timeout", "2000");
        List<String> addresses = IntStream.range(0, settings.members())
                .mapToObj(
                        ordinal -> SystemSettings.WORKLOAD + "-" + ordinal + "." + SystemSettings.WORKLOAD + ":" + PORT)
                .toList();
        // Both the load and the meter write the same value again when they repeat an operation.
        config.getNetworkConfig().setAddresses(addresses).setRedoOperation(true);
        // The addresses of destroyed members answer nothing: an attempt there must not hold up one to a new address.
        config.getNetworkConfig().setConnectionTimeout(CONNECT_MILLIS);
        config.getConnectionStrategyConfig()
                .getConnectionRetryConfig()
                .setInitialBackoffMillis(FIRST_RETRY_MILLIS)
                .setMaxBackoffMillis(LAST_RETRY_MILLIS);
        return HazelcastClient.newHazelcastClient(config);
    }
}
