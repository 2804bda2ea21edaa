package io.memorymachine.http.auth.kubernetes;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatusBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.Test;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.http.auth.Caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Callers and their rights as an API server tells them. */
@EnableKubernetesMockClient
class KubernetesReviewsTest {
    private static final String TOKENS = "/apis/authentication.k8s.io/v1/tokenreviews";
    private static final String ACCESS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    private static final Caller ANN = new Caller("ann", Set.of("dev"));

    KubernetesMockServer server;
    KubernetesClient client;

    private static final OffLoop HERE = new OffLoop() {
        @Override
        public <T> Uni<T> run(Callable<T> work) {
            return Uni.createFrom().item(() -> {
                try {
                    return work.call();
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    };

    @Test
    void aTokensOwnerIsKnownWithTheirGroups() throws Exception {
        answerTokens(status -> status.withAuthenticated(true)
                .withNewUser()
                .withUsername("ann")
                .withGroups("dev", "system:authenticated")
                .endUser());

        assertThat(review(List.of())).contains(new Caller("ann", Set.of("dev", "system:authenticated")));
        TokenReview asked = Serialization.unmarshal(server.takeRequest().getUtf8Body(), TokenReview.class);
        assertThat(asked.getSpec().getToken()).isEqualTo("token-1");
    }

    @Test
    void aTokenThatIsNotValidHasNoOwner() {
        answerTokens(status -> status.withAuthenticated(false).withError("expired"));

        assertThat(review(List.of())).isEmpty();
    }

    @Test
    void aTokenForSomebodyElseIsNotValid() {
        answerTokens(status -> status.withAuthenticated(true)
                .withAudiences("vault")
                .withNewUser()
                .withUsername("ann")
                .endUser());

        assertThat(review(List.of("memory-machine"))).isEmpty();
    }

    @Test
    void aReviewerThatChecksNoAudienceIsNotBelieved() {
        answerTokens(status ->
                status.withAuthenticated(true).withNewUser().withUsername("ann").endUser());

        assertThat(review(List.of("memory-machine"))).isEmpty();
    }

    @Test
    void whileNobodyCanTellItIsAFailureAndNotARefusal() {
        server.expect().post().withPath(TOKENS).andReturn(500, null).always();

        assertThatThrownBy(() -> review(List.of()))
                .isInstanceOfSatisfying(
                        OperationFailedException.class,
                        away -> assertThat(away.reason()).isEqualTo(FailureReason.UNAVAILABLE));
    }

    @Test
    void whoWaitsForAnApiServerThatDoesNotAnswerIsToldSoon() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                KubernetesClient toNobody = new KubernetesClientBuilder()
                        .withConfig(new ConfigBuilder()
                                .withMasterUrl("http://127.0.0.1:" + silent.getLocalPort())
                                .build())
                        .build()) {
            Uni<Optional<Caller>> review = new TokenReviews(toNobody, HERE, List.of()).review("token-1");
            long asked = System.nanoTime();

            assertThatThrownBy(() -> review.await().indefinitely())
                    .isInstanceOfSatisfying(OperationFailedException.class, away -> {
                        assertThat(away.reason()).isEqualTo(FailureReason.UNAVAILABLE);
                        assertThat(away.retryable()).isTrue();
                    });
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(BriefQuestions.LONGEST.plusSeconds(5));
        }
    }

    @Test
    void rbacDecides() throws Exception {
        answerAccess(true, null);

        assertThat(allowed()).isTrue();
        SubjectAccessReview asked =
                Serialization.unmarshal(server.takeRequest().getUtf8Body(), SubjectAccessReview.class);
        assertThat(asked.getSpec().getUser()).isEqualTo("ann");
        assertThat(asked.getSpec().getGroups()).containsExactly("dev");
        assertThat(asked.getSpec().getResourceAttributes().getGroup()).isEqualTo("mm.memverge.com");
        assertThat(asked.getSpec().getResourceAttributes().getResource()).isEqualTo("clustersnapshots");
        assertThat(asked.getSpec().getResourceAttributes().getVerb()).isEqualTo("create");
        assertThat(asked.getSpec().getResourceAttributes().getNamespace()).isEqualTo("demo");
    }

    @Test
    void whatIsNotGrantedIsRefused() {
        answerAccess(false, null);

        assertThat(allowed()).isFalse();
    }

    @Test
    void whatIsDeniedIsRefusedWhateverIsGranted() {
        answerAccess(true, true);

        assertThat(allowed()).isFalse();
    }

    private Optional<Caller> review(List<String> audiences) {
        return new TokenReviews(client, HERE, audiences)
                .review("token-1")
                .await()
                .indefinitely();
    }

    private boolean allowed() {
        return new SubjectAccessReviews(client, HERE)
                .allowed(ANN, "create", "clustersnapshots", "demo")
                .await()
                .indefinitely();
    }

    private void answerTokens(UnaryOperator<TokenReviewStatusBuilder> change) {
        server.expect()
                .post()
                .withPath(TOKENS)
                .andReturn(
                        201,
                        new TokenReviewBuilder()
                                .withStatus(change.apply(new TokenReviewStatusBuilder())
                                        .build())
                                .build())
                .once();
    }

    private void answerAccess(boolean allowed, Boolean denied) {
        server.expect()
                .post()
                .withPath(ACCESS)
                .andReturn(
                        201,
                        new SubjectAccessReviewBuilder()
                                .withNewStatus()
                                .withAllowed(allowed)
                                .withDenied(denied)
                                .endStatus()
                                .build())
                .once();
    }
}
