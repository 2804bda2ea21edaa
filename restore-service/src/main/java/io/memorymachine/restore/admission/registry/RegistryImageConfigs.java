package io.memorymachine.restore.admission.registry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate.ContentDescriptorTemplate;
import com.google.cloud.tools.jib.image.json.ManifestListTemplate;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.registry.RegistryClient;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jboss.logging.Logger;

import io.memorymachine.restore.admission.Entrypoint;
import io.memorymachine.restore.admission.ImageConfigs;
import io.memorymachine.restore.admission.UnresolvedImageException;

/** Asks the image's registry, with the pod's pull secrets. */
public final class RegistryImageConfigs implements ImageConfigs {
    private static final Logger LOG = Logger.getLogger(RegistryImageConfigs.class);

    /** Where members run. */
    private static final String ARCHITECTURE = "amd64";

    private static final String OS = "linux";
    private static final long LARGEST = 1 << 20;
    private static final String USER_AGENT = "memory-machine";

    private final PullSecrets secrets;
    private final ObjectMapper json;
    private final boolean insecure;

    /** @param insecure whether registries without (valid) TLS are asked too, and are sent credentials */
    public RegistryImageConfigs(KubernetesClient client, ObjectMapper json, boolean insecure) {
        this.secrets = new PullSecrets(client, json);
        this.json = json;
        this.insecure = insecure;
    }

    @Override
    public Entrypoint read(String namespace, PodSpec pod, String image) {
        ImageReference reference;
        try {
            reference = ImageReference.parse(image);
        } catch (InvalidImageReferenceException e) {
            throw new UnresolvedImageException("'" + image + "' names no image", e);
        }
        Optional<Credential> credential = secrets.find(namespace, pod, reference.getRegistry());
        FailoverHttpClient http = new FailoverHttpClient(insecure, insecure, event -> {});
        try {
            RegistryClient.Factory factory = RegistryClient.factory(
                            EventHandlers.NONE, reference.getRegistry(), reference.getRepository(), http)
                    .setUserAgent(USER_AGENT);
            credential.ifPresent(factory::setCredential);
            RegistryClient registry = factory.newRegistryClient();
            if (!registry.doPullBearerAuth() && credential.isPresent()) {
                registry.configureBasicAuth();
            }
            return read(registry, reference);
        } catch (RegistryUnauthorizedException e) {
            throw new UnresolvedImageException(
                    reference.getRegistry() + " wants other credentials for " + image
                            + (credential.isPresent()
                                    ? " than the pull secret's"
                                    : ": the pod has no pull secret for it, or " + PullSecrets.HINT),
                    e);
        } catch (RegistryException | IOException e) {
            throw new UnresolvedImageException(
                    reference.getRegistry() + " does not tell the configuration of " + image + ": " + e.getMessage(),
                    e);
        } finally {
            shutDown(http);
        }
    }

    private static void shutDown(FailoverHttpClient http) {
        try {
            http.shutDown();
        } catch (IOException e) {
            LOG.debugf("Connections to a registry cannot be closed: %s", e);
        }
    }

    private Entrypoint read(RegistryClient registry, ImageReference reference) throws IOException, RegistryException {
        ManifestTemplate manifest =
                registry.pullManifest(reference.getQualifier()).getManifest();
        if (manifest instanceof ManifestListTemplate list) {
            List<String> digests = list.getDigestsForPlatform(ARCHITECTURE, OS);
            if (digests.isEmpty()) {
                throw new UnresolvedImageException(reference + " is not made for " + OS + "/" + ARCHITECTURE, null);
            }
            manifest = registry.pullManifest(digests.get(0)).getManifest();
        }
        if (!(manifest instanceof BuildableManifestTemplate buildable)) {
            throw new UnresolvedImageException(reference + " has a manifest of an old kind", null);
        }
        ContentDescriptorTemplate descriptor = buildable.getContainerConfiguration();
        if (descriptor == null || descriptor.getSize() > LARGEST) {
            throw new UnresolvedImageException(reference + " has no configuration of at most 1 MiB", null);
        }
        byte[] blob = Blobs.writeToByteArray(registry.pullBlob(descriptor.getDigest(), total -> {}, delta -> {}));
        return parse(json.readTree(blob).path("config"));
    }

    static Entrypoint parse(JsonNode config) {
        Map<String, String> environment = new HashMap<>();
        words(config.path("Env")).forEach(variable -> {
            String[] halves = variable.split("=", 2);
            environment.put(halves[0], halves.length > 1 ? halves[1] : "");
        });
        List<String> entrypoint = words(config.path("Entrypoint"));
        List<String> arguments = words(config.path("Cmd"));
        if (entrypoint.isEmpty() && arguments.isEmpty()) {
            throw new UnresolvedImageException("the image has neither an entrypoint nor a command", null);
        }
        return new Entrypoint(entrypoint, arguments, environment);
    }

    private static List<String> words(JsonNode array) {
        List<String> words = new ArrayList<>();
        array.forEach(word -> words.add(word.asText()));
        return words;
    }
}
