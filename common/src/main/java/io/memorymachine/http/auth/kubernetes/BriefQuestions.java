package io.memorymachine.http.auth.kubernetes;

import java.time.Duration;
import java.util.function.Function;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.smallrye.mutiny.Uni;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.runtime.OwnContext;

import static io.memorymachine.platform.kubernetes.KubernetesFailures.translated;

/**
 * Asks the API server while somebody waits for the answer: twice at most, and not for longer than {@link #LONGEST}. Sagas, which
 * nobody waits for, repeat their requests for much longer.
 */
final class BriefQuestions {
    /** After this long the answer is that there is none. */
    static final Duration LONGEST = Duration.ofSeconds(5);

    private static final int ONE_MILLIS = 2000;

    private final KubernetesClient client;
    private final OffLoop offLoop;

    BriefQuestions(KubernetesClient client, OffLoop offLoop) {
        this.client = client.newClient(
                        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                                .withRequestTimeout(ONE_MILLIS)
                                .withRequestRetryBackoffLimit(1)
                                .build())
                .adapt(KubernetesClient.class);
        this.offLoop = offLoop;
    }

    /**
     * The answer, or a refusal that {@code KubernetesFailures} knows.
     *
     * @param failed what it means that there is no answer: "The token cannot be reviewed"
     */
    <T> Uni<T> ask(String failed, Function<KubernetesClient, T> question) {
        return OwnContext.returning(() -> offLoop.run(
                        () -> translated(FailureReason.UNAVAILABLE, failed, () -> question.apply(client)))
                .ifNoItem()
                .after(LONGEST)
                .failWith(() -> OperationFailedException.transientFailure(
                        FailureReason.UNAVAILABLE,
                        failed + ": the API server does not answer within " + LONGEST.toSeconds() + " seconds",
                        null)));
    }
}
