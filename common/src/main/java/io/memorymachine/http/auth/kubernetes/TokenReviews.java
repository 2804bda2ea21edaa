package io.memorymachine.http.auth.kubernetes;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.smallrye.mutiny.Uni;

import io.memorymachine.http.auth.Caller;
import io.memorymachine.http.auth.TokenReviewer;

/**
 * Asks the API server whom a token belongs to (TokenReview), for each request anew: a token that is withdrawn is refused from
 * then on.
 */
public final class TokenReviews implements TokenReviewer {
    private final BriefQuestions api;
    private final List<String> audiences;

    /** @param audiences for whom a token must have been issued; the API server itself where it is empty */
    public TokenReviews(KubernetesClient client, OffLoop offLoop, List<String> audiences) {
        this.api = new BriefQuestions(client, offLoop);
        this.audiences = List.copyOf(audiences);
    }

    @Override
    public Uni<Optional<Caller>> review(String token) {
        return api.ask("The token cannot be reviewed", client -> ask(client, token));
    }

    private Optional<Caller> ask(KubernetesClient client, String token) {
        TokenReview review = client.resource(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .withAudiences(audiences)
                        .endSpec()
                        .build())
                .create();
        TokenReviewStatus status = review.getStatus();
        boolean valid = status != null
                && Boolean.TRUE.equals(status.getAuthenticated())
                && status.getUser() != null
                && status.getUser().getUsername() != null
                && !status.getUser().getUsername().isEmpty()
                && isForUs(status.getAudiences());
        return valid
                ? Optional.of(new Caller(
                        status.getUser().getUsername(),
                        Set.copyOf(status.getUser().getGroups())))
                : Optional.empty();
    }

    /** A reviewer that knows nothing of audiences answers with none, and has then checked none. */
    private boolean isForUs(List<String> answered) {
        return audiences.isEmpty() || answered.stream().anyMatch(audiences::contains);
    }
}
