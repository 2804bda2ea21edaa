package io.memorymachine.platform.kubernetes;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * Remembers into which placeholders a process was put: a ConfigMap for each pod, in the product's namespace, so that nodes
 * need no right to change pods. The note names the container: one that was started again in its pod waits again.
 */
final class FilledPlaceholders {
    private static final String CONTAINER = "container";
    private static final String PREFIX = "filled-";

    private final KubernetesClient client;
    private final String namespace;

    FilledPlaceholders(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** Notes it; a repetition changes nothing. */
    void add(Incarnation incarnation) {
        ConfigMap note = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(PREFIX + incarnation.podUid())
                .addToLabels(Marks.KEPT, Marks.FILLED)
                .endMetadata()
                .withData(Map.of(CONTAINER, incarnation.containerId()))
                .build();
        client.resource(note).createOr(existing -> existing.update());
    }

    /** The containers that were filled, by their pods' uids. */
    Map<String, String> all() {
        Map<String, String> filled = new HashMap<>();
        client.configMaps()
                .inNamespace(namespace)
                .withLabel(Marks.KEPT, Marks.FILLED)
                .list()
                .getItems()
                .forEach(note -> filled.put(
                        note.getMetadata().getName().substring(PREFIX.length()),
                        note.getData().get(CONTAINER)));
        return filled;
    }

    /** Forgets pods that are no more. */
    void forget(Set<String> podUids) {
        podUids.forEach(uid -> client.configMaps()
                .inNamespace(namespace)
                .withName(PREFIX + uid)
                .delete());
    }
}
