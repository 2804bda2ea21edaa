package io.memorymachine.restore.admission;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.fabric8.kubernetes.api.model.PodSpec;

/**
 * Gives up on whoever takes too long: a webhook that does not answer in time would keep the pod from being made, while one
 * that does not know the image only leaves it as it is.
 */
final class ImpatientImageConfigs implements ImageConfigs {
    private final ImageConfigs images;
    private final Duration limit;
    private final Executor threads;

    /** @param threads what has been given up on goes on there until it ends by itself */
    ImpatientImageConfigs(ImageConfigs images, Duration limit, Executor threads) {
        this.images = images;
        this.limit = limit;
        this.threads = threads;
    }

    @Override
    public Entrypoint read(String namespace, PodSpec pod, String image) {
        CompletableFuture<Entrypoint> answer =
                CompletableFuture.supplyAsync(() -> images.read(namespace, pod, image), threads);
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new UnresolvedImageException("the registry of " + image + " took longer than " + limit, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("the configuration of " + image + " cannot be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnresolvedImageException("interrupted: the service is shutting down", e);
        }
    }
}
