package io.memorymachine.platform.kubernetes;

import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;

import io.memorymachine.contract.workload.WorkloadRef;

/**
 * The armed restore plans: one ConfigMap for each workload, in the product's namespace, where no user of the workload's
 * namespace can change it.
 *
 * <p>A plan is written whole or not at all, and only over the version that was read: of two who arm at once one is refused
 * (409). It is read from the API server each time, never from a cache: a pod that is made after a plan was armed meets it.
 */
public final class RestorePlans {
    private static final String DATA = "plan.json";
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final String namespace;
    private final ObjectMapper json;

    /** @param namespace the product's own */
    public RestorePlans(KubernetesClient client, String namespace, ObjectMapper json) {
        this.client = client;
        this.namespace = namespace;
        this.json = json;
    }

    /** The plan of a workload; empty where none is armed. One that has run out is still given. */
    public Optional<RestorePlan> find(WorkloadRef workload) {
        return Optional.ofNullable(resource(workload).get()).map(this::read);
    }

    /**
     * Writes a plan in the place of whichever was armed.
     *
     * @throws KubernetesClientException 409 if somebody else has written meanwhile
     */
    void arm(RestorePlan plan) {
        ConfigMap present = resource(plan.workload()).get();
        if (present == null) {
            client.resource(map(plan, null)).create();
        } else {
            client.resource(map(plan, present.getMetadata().getResourceVersion()))
                    .update();
        }
    }

    /** Removes the plan of an operation; leaves that of another alone. */
    void disarm(WorkloadRef workload, String operation) {
        ConfigMap present = resource(workload).get();
        if (present == null || !read(present).operation().equals(operation)) {
            return;
        }
        try {
            client.resource(present)
                    .lockResourceVersion(present.getMetadata().getResourceVersion())
                    .delete();
        } catch (KubernetesClientException overtaken) {
            if (overtaken.getCode() != CONFLICT && overtaken.getCode() != NOT_FOUND) {
                throw overtaken;
            }
            // Somebody else has armed or disarmed it: then it is not this operation's any more.
        }
    }

    private Resource<ConfigMap> resource(WorkloadRef workload) {
        return client.configMaps().inNamespace(namespace).withName(name(workload));
    }

    private ConfigMap map(RestorePlan plan, String version) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name(plan.workload()))
                .withResourceVersion(version)
                .addToLabels(Marks.KEPT, Marks.PLAN)
                .endMetadata()
                .withData(Map.of(DATA, write(plan)))
                .build();
    }

    private RestorePlan read(ConfigMap map) {
        try {
            return json.readValue(map.getData().get(DATA), RestorePlan.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "the ConfigMap " + map.getMetadata().getName() + " holds no restore plan", e);
        }
    }

    private String write(RestorePlan plan) {
        try {
            return json.writeValueAsString(plan);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a restore plan cannot be written", e);
        }
    }

    /** A dot cannot stand in either name. */
    static String name(WorkloadRef workload) {
        return "restore-plan." + workload.namespace() + "." + workload.name();
    }
}
