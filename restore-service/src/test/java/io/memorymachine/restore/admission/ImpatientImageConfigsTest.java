package io.memorymachine.restore.admission;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.fabric8.kubernetes.api.model.PodSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A registry that hangs must not keep a pod from being made. */
class ImpatientImageConfigsTest {
    private static final Entrypoint HZ = new Entrypoint(List.of("hz"), List.of(), Map.of());

    private final ExecutorService threads = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void whoAnswersInTimeIsHeard() {
        assertThat(impatient((namespace, pod, image) -> HZ, Duration.ofSeconds(20))
                        .read("demo", new PodSpec(), "hz:1"))
                .isEqualTo(HZ);
    }

    @Test
    void whoHangsIsGivenUpOn() {
        CountDownLatch never = new CountDownLatch(1);
        ImageConfigs hanging = (namespace, pod, image) -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return HZ;
        };

        assertThatThrownBy(() -> impatient(hanging, Duration.ofMillis(50)).read("demo", new PodSpec(), "hz:1"))
                .isInstanceOf(UnresolvedImageException.class)
                .hasMessageContaining("hz:1 took longer than PT0.05S");
    }

    @Test
    void whatItSaysIsPassedOn() {
        UnresolvedImageException refusal = new UnresolvedImageException("no", null);

        assertThatThrownBy(() -> impatient(
                                (namespace, pod, image) -> {
                                    throw refusal;
                                },
                                Duration.ofSeconds(20))
                        .read("demo", new PodSpec(), "hz:1"))
                .isSameAs(refusal);
    }

    private ImageConfigs impatient(ImageConfigs images, Duration limit) {
        return new ImpatientImageConfigs(images, limit, threads);
    }
}
