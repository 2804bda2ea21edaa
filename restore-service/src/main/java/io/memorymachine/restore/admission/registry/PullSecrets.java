package io.memorymachine.restore.admission.registry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.tools.jib.api.Credential;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import io.memorymachine.restore.admission.UnresolvedImageException;

/** The credentials with which the kubelet would pull a pod's image: its own pull secrets and its service account's. */
final class PullSecrets {
    /** What lets this service read a namespace's pull secrets. */
    static final String HINT = "bind the ClusterRole memory-machine-pull-secrets in the pod's namespace";

    private static final int FORBIDDEN = 403;
    private static final String DOCKER_CONFIG = ".dockerconfigjson";
    private static final Set<String> DOCKER_HUB = Set.of("registry-1.docker.io", "docker.io", "index.docker.io");

    private final KubernetesClient client;
    private final ObjectMapper json;

    PullSecrets(KubernetesClient client, ObjectMapper json) {
        this.client = client;
        this.json = json;
    }

    /**
     * What fits a registry; empty where no secret names it, so that it is asked without.
     *
     * @throws UnresolvedImageException if a secret must not be read
     */
    Optional<Credential> find(String namespace, PodSpec pod, String registry) {
        for (String name : names(namespace, pod)) {
            Secret secret = read(namespace, name);
            if (secret != null && secret.getData() != null && secret.getData().containsKey(DOCKER_CONFIG)) {
                Optional<Credential> credential = find(secret, registry);
                if (credential.isPresent()) {
                    return credential;
                }
            }
        }
        return Optional.empty();
    }

    private List<String> names(String namespace, PodSpec pod) {
        List<LocalObjectReference> references = new ArrayList<>(pod.getImagePullSecrets());
        if (references.isEmpty()) {
            String account = pod.getServiceAccountName() == null ? "default" : pod.getServiceAccountName();
            ServiceAccount found = serviceAccount(namespace, account);
            if (found != null) {
                references.addAll(found.getImagePullSecrets());
            }
        }
        return references.stream().map(LocalObjectReference::getName).distinct().toList();
    }

    /** Null also where it must not be read: most images are public, and a registry that wants more says so. */
    private ServiceAccount serviceAccount(String namespace, String name) {
        try {
            return client.serviceAccounts()
                    .inNamespace(namespace)
                    .withName(name)
                    .get();
        } catch (KubernetesClientException refused) {
            if (refused.getCode() == FORBIDDEN) {
                return null;
            }
            throw refused;
        }
    }

    private Secret read(String namespace, String name) {
        try {
            return client.secrets().inNamespace(namespace).withName(name).get();
        } catch (KubernetesClientException refused) {
            throw new UnresolvedImageException(
                    "the pull secret " + name + " cannot be read (" + refused.getCode() + "): " + HINT, refused);
        }
    }

    private Optional<Credential> find(Secret secret, String registry) {
        try {
            JsonNode auths = json.readTree(
                            Base64.getDecoder().decode(secret.getData().get(DOCKER_CONFIG)))
                    .path("auths");
            for (var entry : auths.properties()) {
                if (isFor(entry.getKey(), registry)) {
                    return credential(entry.getValue());
                }
            }
            return Optional.empty();
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new UnresolvedImageException(
                    "the pull secret " + secret.getMetadata().getName() + " is malformed", e);
        } catch (java.io.IOException e) {
            throw new UnresolvedImageException(
                    "the pull secret " + secret.getMetadata().getName() + " cannot be read", e);
        }
    }

    /** Keys are host names, with or without a scheme and a path: {@code https://index.docker.io/v1/}. */
    static boolean isFor(String key, String registry) {
        String host = key.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
        return host.equals(registry) || DOCKER_HUB.contains(host) && DOCKER_HUB.contains(registry);
    }

    private static Optional<Credential> credential(JsonNode entry) {
        if (entry.hasNonNull("username") && entry.hasNonNull("password")) {
            return Optional.of(Credential.from(
                    entry.get("username").asText(), entry.get("password").asText()));
        }
        if (!entry.hasNonNull("auth")) {
            return Optional.empty();
        }
        String both = new String(Base64.getDecoder().decode(entry.get("auth").asText()), StandardCharsets.UTF_8);
        int colon = both.indexOf(':');
        return colon < 0
                ? Optional.empty()
                : Optional.of(Credential.from(both.substring(0, colon), both.substring(colon + 1)));
    }
}
