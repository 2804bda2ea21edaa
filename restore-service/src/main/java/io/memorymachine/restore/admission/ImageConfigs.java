package io.memorymachine.restore.admission;

import io.fabric8.kubernetes.api.model.PodSpec;

/** Knows what an image runs. Blocks. */
public interface ImageConfigs {
    /**
     * The image's configuration.
     *
     * @param namespace the pod's, which holds its pull secrets
     * @param pod names the pull secrets
     * @throws UnresolvedImageException with the reason, for the user
     */
    Entrypoint read(String namespace, PodSpec pod, String image);
}
