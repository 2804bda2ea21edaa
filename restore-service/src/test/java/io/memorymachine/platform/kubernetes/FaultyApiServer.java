package io.memorymachine.platform.kubernetes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;

/**
 * An API server with state that keeps to the preconditions of deletions, and that refuses what a test wants it to refuse.
 */
final class FaultyApiServer extends KubernetesCrudDispatcher implements AutoCloseable {
    private final List<Fault> faults = new ArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final KubernetesMockServer server =
            new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), this, false);
    private final KubernetesClient client;

    FaultyApiServer() {
        server.init();
        client = server.createClient(builder -> builder.editOrNewConfig()
                .withRequestRetryBackoffInterval(5)
                .withRequestRetryBackoffLimit(3)
                .withWatchReconnectInterval(20)
                .endConfig());
    }

    private static final class Fault {
        private final String method;
        private final Pattern path;
        private final int code;
        private int left;

        private Fault(String method, String path, int code, int times) {
            this.method = method;
            this.path = Pattern.compile(path);
            this.code = code;
            this.left = times;
        }
    }

    KubernetesClient client() {
        return client;
    }

    /** The next so many requests of this kind are answered with this status. */
    void answers(String method, String path, int code, int times) {
        synchronized (faults) {
            faults.add(new Fault(method, path, code, times));
        }
    }

    /** Requests so far of this kind. */
    long asked(String method, String path) {
        Pattern pattern = Pattern.compile("^" + method + " .*" + path);
        return requests.stream()
                .filter(request -> pattern.matcher(request).find())
                .count();
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        requests.add(request.getMethod() + " " + request.getPath());
        Integer code = planted(request);
        if (code != null) {
            return refusal(code, "planted by the test");
        }
        if (request.getMethod().equals("DELETE") && breaksPrecondition(request)) {
            return refusal(409, "the uid in the precondition does not match");
        }
        return super.dispatch(request);
    }

    private Integer planted(RecordedRequest request) {
        synchronized (faults) {
            Iterator<Fault> all = faults.iterator();
            while (all.hasNext()) {
                Fault fault = all.next();
                if (fault.method.equals(request.getMethod())
                        && fault.path.matcher(request.getPath()).find()) {
                    if (--fault.left == 0) {
                        all.remove();
                    }
                    return fault.code;
                }
            }
            return null;
        }
    }

    private boolean breaksPrecondition(RecordedRequest request) {
        String body = request.getUtf8Body();
        if (body == null || body.isEmpty() || !request.getPath().contains("/pods/")) {
            return false;
        }
        DeleteOptions options = Serialization.unmarshal(body, DeleteOptions.class);
        if (options.getPreconditions() == null || options.getPreconditions().getUid() == null) {
            return false;
        }
        MockResponse present = handleGet(request.getPath().replaceFirst("\\?.*", ""));
        return present.code() == 200
                && !Serialization.unmarshal(present.getBody().readUtf8(), Pod.class)
                        .getMetadata()
                        .getUid()
                        .equals(options.getPreconditions().getUid());
    }

    private static MockResponse refusal(int code, String message) {
        return new MockResponse()
                .setResponseCode(code)
                .setHeader("Content-Type", "application/json")
                .setBody(Serialization.asJson(new StatusBuilder()
                        .withCode(code)
                        .withStatus("Failure")
                        .withMessage(message)
                        .build()));
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }
}
