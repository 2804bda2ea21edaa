package io.memorymachine.profile.hazelcast;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;

import io.memorymachine.contract.workload.MemberPlacement;

/**
 * The REST interface of Hazelcast members; needs the endpoint groups HEALTH_CHECK and CLUSTER_WRITE. Connections are kept
 * open between requests. Failures are {@link IOException}s.
 */
@ApplicationScoped
class MemberRest {
    private static final String HEALTH = "/hazelcast/health";
    private static final String CHANGE_STATE = "/hazelcast/rest/management/cluster/changeState";

    private final HttpClient http;
    private final HazelcastConfig config;
    private final ObjectMapper json;

    @Inject
    MemberRest(HazelcastConfig config, ObjectMapper json) {
        this.config = config;
        this.json = json;
        // Members speak HTTP/1.1 only, and would have to refuse an upgrade first.
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(config.requestTimeout())
                .build();
    }

    /** What the member says now. */
    Uni<MemberHealth> health(MemberPlacement member, Duration within) {
        return send(request(member, HEALTH, within).GET().build(), within, MemberHealth.class)
                .onItem()
                .transformToUni(health -> health.nodeState() == null || health.clusterState() == null
                        ? Uni.createFrom().failure(new IOException("answered no health"))
                        : Uni.createFrom().item(health));
    }

    /**
     * Has the member change the state of the whole cluster; when this succeeds, all members are in the new state.
     *
     * @param within how long the member may take: it has to agree with all the others
     */
    Uni<Void> changeState(MemberPlacement member, String state, Duration within) {
        String form =
                encode(config.clusterName()) + "&" + encode(config.password().orElse("")) + "&" + encode(state);
        HttpRequest request = request(member, CHANGE_STATE, within)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        return send(request, within, Answer.class)
                .onItem()
                .transformToUni(answer -> answer.reached(state)
                        ? Uni.createFrom().voidItem()
                        : Uni.createFrom().failure(new IOException("refused: " + answer)));
    }

    /** A failure in a few words for a message. */
    static String describe(Throwable failure) {
        if (failure instanceof ConnectException) {
            return "refuses connections";
        }
        if (failure instanceof UncheckedIOException wrapped) {
            return wrapped.getCause().getMessage();
        }
        return failure instanceof TimeoutException || failure instanceof HttpTimeoutException
                ? "no answer in time"
                : failure.toString();
    }

    private HttpRequest.Builder request(MemberPlacement member, String path, Duration within) {
        return HttpRequest.newBuilder(URI.create("http://" + authority(member.address()) + path))
                .timeout(within);
    }

    private <T> Uni<T> send(HttpRequest request, Duration within, Class<T> answer) {
        return Uni.createFrom()
                .completionStage(() -> http.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                .ifNoItem()
                .after(within)
                .fail()
                .onItem()
                .transform(response -> read(response, answer));
    }

    private <T> T read(HttpResponse<String> response, Class<T> answer) {
        try {
            if (response.statusCode() != 200) {
                throw new IOException("answered " + response.statusCode() + " to "
                        + response.request().uri().getPath());
            }
            return json.readValue(response.body(), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An address is an IPv4 or IPv6 address or a name, with a port where the member has one of its own. */
    private String authority(String address) {
        boolean bareIpv6 = !address.startsWith("[") && address.indexOf(':') != address.lastIndexOf(':');
        if (bareIpv6) {
            return "[" + address + "]:" + config.port();
        }
        boolean withPort = address.lastIndexOf(':') > address.lastIndexOf(']');
        return withPort ? address : address + ":" + config.port();
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** The answer to a change of state. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Answer(String status, String state, String message) {
        /** A cluster that is in the state already answers "fail", with that state. */
        boolean reached(String wanted) {
            return "success".equals(status) || wanted.equalsIgnoreCase(state);
        }

        @Override
        public String toString() {
            return message == null ? String.valueOf(status) : status + ", " + message;
        }
    }
}
