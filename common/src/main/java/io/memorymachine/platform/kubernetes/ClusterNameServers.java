package io.memorymachine.platform.kubernetes;

import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.jboss.logging.Logger;

/**
 * Asks each instance of the cluster's DNS by itself: each learns of an address in its own time, and a member may ask any of
 * them.
 */
final class ClusterNameServers implements NameServers {
    private static final Logger LOG = Logger.getLogger(ClusterNameServers.class);
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final String PORT = "dns";
    private static final String OWN = "";

    private final KubernetesClient client;
    private final Optional<String> service;

    /** @param service {@code namespace/name}; where it is empty or has no instances, this container's name server is asked */
    ClusterNameServers(KubernetesClient client, Optional<String> service) {
        this.client = client;
        this.service = service;
    }

    @Override
    public List<Answer> resolve(String name) {
        return servers().stream()
                .map(server -> new Answer(server.isEmpty() ? "the name server" : server, ask(server, name)))
                .toList();
    }

    private List<String> servers() {
        List<String> servers = service.map(this::instances).orElse(List.of());
        return servers.isEmpty() ? List.of(OWN) : servers;
    }

    private List<String> instances(String qualified) {
        String[] names = qualified.split("/");
        return client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(names[0])
                .withLabel(SERVICE_LABEL, names[1])
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> {
                    int port = slice.getPorts().stream()
                            .filter(entry -> PORT.equals(entry.getName()))
                            .mapToInt(entry -> entry.getPort())
                            .findFirst()
                            .orElse(53);
                    return slice.getEndpoints().stream()
                            .filter(endpoint -> endpoint.getConditions() == null
                                    || !Boolean.FALSE.equals(
                                            endpoint.getConditions().getReady()))
                            .flatMap(endpoint -> endpoint.getAddresses().stream())
                            .map(address -> (address.contains(":") ? "[" + address + "]" : address) + ":" + port);
                })
                .distinct()
                .toList();
    }

    private static Set<String> ask(String server, String name) {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, server.isEmpty() ? "dns:" : "dns://" + server);
        environment.put("com.sun.jndi.dns.timeout.initial", "500");
        environment.put("com.sun.jndi.dns.timeout.retries", "2");
        Set<String> addresses = new TreeSet<>();
        try {
            InitialDirContext context = new InitialDirContext(environment);
            try {
                // The dot keeps the search list out.
                NamingEnumeration<? extends Attribute> records = context.getAttributes(
                                name + ".", new String[] {"A", "AAAA"})
                        .getAll();
                while (records.hasMore()) {
                    NamingEnumeration<?> values = records.next().getAll();
                    while (values.hasMore()) {
                        addresses.add(String.valueOf(values.next()));
                    }
                }
            } finally {
                context.close();
            }
        } catch (NamingException unknown) {
            LOG.debugf("%s says of %s: %s", server, name, unknown.getMessage());
        }
        return addresses;
    }
}
