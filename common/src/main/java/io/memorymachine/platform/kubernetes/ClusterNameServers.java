package io.memorymachine.platform.kubernetes;

import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jboss.logging.Logger;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Asks each instance of the cluster's DNS by itself: each learns of an address in its own time, and a member may ask any of
 * them.
 */
final class ClusterNameServers implements NameServers {
    private static final Logger LOG = Logger.getLogger(ClusterNameServers.class);
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final String PORT = "dns";
    private static final int USUAL_PORT = 53;
    private static final Duration LONGEST = Duration.ofSeconds(1);
    private static final Server OWN = new Server(null, USUAL_PORT);

    /** Each is asked for by itself: "any" is a question to which CoreDNS has no answer. */
    private static final List<Integer> TYPES = List.of(Type.A, Type.AAAA);

    private final KubernetesClient client;
    private final Optional<String> service;

    /** @param service {@code namespace/name}; where it is empty or has no instances, this container's name server is asked */
    ClusterNameServers(KubernetesClient client, Optional<String> service) {
        this.client = client;
        this.service = service;
    }

    /** @param host an address; null for this container's name server */
    private record Server(String host, int port) {
        @Override
        public String toString() {
            return host == null ? "the name server" : (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    @Override
    public List<Answer> resolve(String name) {
        return servers().stream()
                .map(server -> new Answer(server.toString(), ask(server, name)))
                .toList();
    }

    private List<Server> servers() {
        List<Server> servers = service.map(this::instances).orElse(List.of());
        return servers.isEmpty() ? List.of(OWN) : servers;
    }

    private List<Server> instances(String qualified) {
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
                .flatMap(slice -> slice.getEndpoints().stream()
                        .filter(endpoint -> endpoint.getConditions() == null
                                || !Boolean.FALSE.equals(
                                        endpoint.getConditions().getReady()))
                        .flatMap(endpoint -> endpoint.getAddresses().stream())
                        .map(address -> new Server(address, port(slice))))
                .distinct()
                .toList();
    }

    private static int port(EndpointSlice slice) {
        return slice.getPorts().stream()
                .filter(entry -> PORT.equals(entry.getName()))
                .mapToInt(entry -> entry.getPort())
                .findFirst()
                .orElse(USUAL_PORT);
    }

    private static Set<String> ask(Server server, String name) {
        Set<String> addresses = new TreeSet<>();
        try {
            SimpleResolver resolver = new SimpleResolver(server.host());
            resolver.setPort(server.port());
            resolver.setTimeout(LONGEST);
            for (int type : TYPES) {
                Lookup question = new Lookup(Name.fromString(name + "."), type);
                question.setResolver(resolver);
                question.setCache(null);
                question.setHostsFileParser(null);
                Record[] records = question.run();
                for (Record found : records == null ? new Record[0] : records) {
                    addresses.add(found.rdataToString());
                }
                LOG.debugf("%s says of %s: %s", server, name, question.getErrorString());
            }
        } catch (UnknownHostException | TextParseException e) {
            throw new IllegalStateException(server + " cannot be asked for " + name, e);
        }
        return addresses;
    }
}
