package io.memorymachine.platform.kubernetes;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import static org.assertj.core.api.Assertions.assertThat;

/** The cluster's DNS is asked as its own software answers: CoreDNS knows names by their types, and nothing of "any". */
class ClusterNameServersTest {
    private static final String NAME = "hz-0.hz.demo.svc.cluster.local";

    private final FaultyApiServer api = new FaultyApiServer();
    private final KubernetesClient client = api.client();
    private DatagramSocket coreDns;

    @BeforeEach
    void start() throws Exception {
        coreDns = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread answers = new Thread(this::answer, "dns");
        answers.setDaemon(true);
        answers.start();
        client.resource(new EndpointSliceBuilder()
                        .withNewMetadata()
                        .withNamespace("kube-system")
                        .withName("kube-dns-1")
                        .withLabels(Map.of("kubernetes.io/service-name", "kube-dns"))
                        .endMetadata()
                        .withAddressType("IPv4")
                        .addNewPort()
                        .withName("dns")
                        .withPort(coreDns.getLocalPort())
                        .endPort()
                        .addNewEndpoint()
                        .withAddresses("127.0.0.1")
                        .endEndpoint()
                        .build())
                .create();
    }

    @AfterEach
    void stop() {
        coreDns.close();
        api.close();
    }

    @Test
    void eachInstanceIsAskedForTheAddressesOfAName() {
        NameServers servers = new ClusterNameServers(client, Optional.of("kube-system/kube-dns"));

        assertThat(servers.resolve(NAME))
                .isEqualTo(
                        List.of(new NameServers.Answer("127.0.0.1:" + coreDns.getLocalPort(), Set.of("10.244.0.43"))));
    }

    @Test
    void aNameThatIsNotThereHasNone() {
        NameServers servers = new ClusterNameServers(client, Optional.of("kube-system/kube-dns"));

        assertThat(servers.resolve("hz-9" + NAME.substring(4)))
                .extracting(NameServers.Answer::addresses)
                .containsExactly(Set.of());
    }

    private void answer() {
        byte[] buffer = new byte[512];
        while (!coreDns.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                coreDns.receive(packet);
                Message asked = new Message(java.util.Arrays.copyOf(buffer, packet.getLength()));
                Message answer = new Message(asked.getHeader().getID());
                answer.getHeader().setFlag(Flags.QR);
                answer.addRecord(asked.getQuestion(), Section.QUESTION);
                Name name = asked.getQuestion().getName();
                if (!name.toString(true).equals(NAME)) {
                    answer.getHeader().setRcode(Rcode.NXDOMAIN);
                } else if (asked.getQuestion().getType() == Type.A) {
                    answer.addRecord(
                            new ARecord(name, DClass.IN, 5, InetAddress.getByName("10.244.0.43")), Section.ANSWER);
                }
                byte[] bytes = answer.toWire();
                coreDns.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
            } catch (SocketException closed) {
                return;
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
