package io.memorymachine.http.auth.kubernetes;

import java.util.List;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.smallrye.mutiny.Uni;

import io.memorymachine.http.auth.AccessReviewer;
import io.memorymachine.http.auth.Caller;

/** Asks the API server what a caller may do (SubjectAccessReview), so that plain RBAC decides. */
public final class SubjectAccessReviews implements AccessReviewer {
    /** The API group of what is asked about. */
    public static final String GROUP = "mm.memverge.com";

    private final BriefQuestions api;

    /** One that asks through this client. */
    public SubjectAccessReviews(KubernetesClient client, OffLoop offLoop) {
        this.api = new BriefQuestions(client, offLoop);
    }

    @Override
    public Uni<Boolean> allowed(Caller caller, String verb, String resource, String namespace) {
        return api.ask(
                "The caller's rights cannot be reviewed", client -> ask(client, caller, verb, resource, namespace));
    }

    private static boolean ask(KubernetesClient client, Caller caller, String verb, String resource, String namespace) {
        SubjectAccessReview review = client.resource(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser(caller.name())
                        .withGroups(List.copyOf(caller.groups()))
                        .withNewResourceAttributes()
                        .withGroup(GROUP)
                        .withResource(resource)
                        .withVerb(verb)
                        .withNamespace(namespace)
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .create();
        return review.getStatus() != null
                && Boolean.TRUE.equals(review.getStatus().getAllowed())
                && !Boolean.TRUE.equals(review.getStatus().getDenied());
    }
}
