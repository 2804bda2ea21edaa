package io.memorymachine.platform.local;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * A bridge for one run directory, on which every member has a network namespace of its own.
 *
 * <p>The namespaces are named ones (as {@code ip netns} makes them), so they exist before the container and can be found
 * after any death; with a namespace goes its link. Addresses are handed out in a circle: one that was used lately does not
 * come back soon, so a peer that still holds it cannot reach the wrong member. The bridge itself is taken down only with
 * the run directory. Calls must hold the {@link RunLock}, except {@link #attach} and {@link #detach}, which touch one
 * member's things only.
 */
final class LocalNetwork {
    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final Path LINKS = Path.of("/sys/class/net");
    private static final int FIRST_HOST = 2;
    private static final int LAST_HOST = 254;

    private final LocalPaths paths;

    LocalNetwork(LocalPaths paths) {
        this.paths = paths;
    }

    /** Makes the bridge unless it is there; the host has the subnet's first address. */
    void ensureBridge() {
        String bridge = paths.bridge();
        String address = plan().subnet() + ".1/24";
        if (!Files.exists(LINKS.resolve(bridge))) {
            HostCommand.run("ip", "link", "add", bridge, "type", "bridge");
        }
        HostCommand.runWithInput(
                "address replace " + address + " dev " + bridge + "\nlink set " + bridge + " up\n",
                "ip",
                "-batch",
                "-");
    }

    /** The next addresses in the circle that are not in use. */
    List<String> allocate(int count, Set<String> inUse) {
        Plan plan = plan();
        List<String> addresses = new ArrayList<>();
        int host = plan.next();
        for (int tried = 0; addresses.size() < count && tried <= LAST_HOST - FIRST_HOST; tried++) {
            String address = plan.subnet() + "." + host;
            if (!inUse.contains(address)) {
                addresses.add(address);
            }
            host = host == LAST_HOST ? FIRST_HOST : host + 1;
        }
        if (addresses.size() < count) {
            throw new LocalPlatformException(
                    "the subnet " + plan.subnet() + ".0/24 has no " + count + " free addresses");
        }
        StateFiles.writeJson(paths.network(), new Plan(plan.subnet(), host));
        return addresses;
    }

    /** Where the network namespace of a container is, for its configuration. */
    Path namespaceOf(String container) {
        return NAMESPACES.resolve(paths.netnsPrefix() + container);
    }

    /** Makes a container's network namespace, with the address on a link to the bridge; one left over is replaced. */
    void attach(String container, String address) {
        String namespace = paths.netnsPrefix() + container;
        String link = paths.linkPrefix() + address.substring(address.lastIndexOf('.') + 1);
        if (Files.exists(NAMESPACES.resolve(namespace))) {
            HostCommand.run("ip", "netns", "delete", namespace);
        }
        if (Files.exists(LINKS.resolve(link))) {
            HostCommand.run("ip", "link", "delete", link);
        }
        HostCommand.run("ip", "netns", "add", namespace);
        HostCommand.runWithInput(
                "link add " + link + " type veth peer name eth0 netns " + namespace + "\n" + "link set " + link
                        + " master " + paths.bridge() + " up\n",
                "ip",
                "-batch",
                "-");
        HostCommand.runWithInput(
                "link set lo up\naddress add " + address + "/24 dev eth0\nlink set eth0 up\nroute add default via "
                        + address.substring(0, address.lastIndexOf('.')) + ".1\n",
                "ip",
                "-netns",
                namespace,
                "-batch",
                "-");
    }

    /**
     * Removes the network namespaces whose containers' ids begin so, and the links of these addresses. A link would go
     * with its namespace, but later, and the next member must not find it.
     */
    void detach(String containerPrefix, List<String> addresses) {
        for (Path namespace : StateFiles.children(NAMESPACES)) {
            if (namespace.getFileName().toString().startsWith(paths.netnsPrefix() + containerPrefix)) {
                HostCommand.run("ip", "netns", "delete", namespace.getFileName().toString());
            }
        }
        for (String address : addresses) {
            deleteLink(paths.linkPrefix() + address.substring(address.lastIndexOf('.') + 1));
        }
    }

    /** Removes every namespace and link of the run directory, and the bridge. */
    void remove() {
        detach("", List.of());
        for (String link : links()) {
            deleteLink(link);
        }
    }

    /** The links (the bridge is one) and network namespaces of the run directory that exist. */
    List<String> leftovers() {
        List<String> found = new ArrayList<>();
        links().forEach(link -> found.add("network link " + link));
        for (Path namespace : StateFiles.children(NAMESPACES)) {
            if (namespace.getFileName().toString().startsWith(paths.netnsPrefix())) {
                found.add("network namespace " + namespace.getFileName());
            }
        }
        return found;
    }

    private List<String> links() {
        return StateFiles.children(LINKS).stream()
                .map(link -> link.getFileName().toString())
                .filter(link -> link.startsWith(paths.linkPrefix()) || link.equals(paths.bridge()))
                .toList();
    }

    /** The kernel may be taking it away at the same moment, since its namespace has gone: then that is as good. */
    private void deleteLink(String link) {
        if (!Files.exists(LINKS.resolve(link))) {
            return;
        }
        HostCommand.Outcome outcome = HostCommand.attempt("", "ip", "link", "delete", link);
        if (outcome.status() != 0 && Files.exists(LINKS.resolve(link))) {
            throw new LocalPlatformException("the network link " + link + " cannot be deleted: " + outcome.output());
        }
    }

    /** Chosen once a run directory: a subnet from the range for tests of networks that no other link uses. */
    private Plan plan() {
        return StateFiles.readJson(paths.network(), Plan.class).orElseGet(() -> {
            int preferred = Integer.parseInt(paths.tag().substring(2, 4), 16);
            for (int i = 0; i < 256; i++) {
                String subnet = "198.18." + (preferred + i) % 256;
                if (!isUsedByOthers(subnet)) {
                    Plan plan = new Plan(subnet, FIRST_HOST);
                    StateFiles.writeJson(paths.network(), plan);
                    return plan;
                }
            }
            throw new LocalPlatformException("every subnet of 198.18.0.0/16 is in use");
        });
    }

    private boolean isUsedByOthers(String subnet) {
        try {
            for (NetworkInterface link : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(link.getInetAddresses())) {
                    if (address.getHostAddress().startsWith(subnet + ".")
                            && !link.getName().equals(paths.bridge())) {
                        return true;
                    }
                }
            }
            return false;
        } catch (SocketException e) {
            throw new LocalPlatformException("the network interfaces cannot be listed", e);
        }
    }

    /**
     * What is kept over deaths.
     *
     * @param subnet the first three bytes of the addresses
     * @param next the last byte of the next address
     */
    record Plan(String subnet, int next) {}
}
