package io.memorymachine.http.auth;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.smallrye.mutiny.Uni;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/** Lets the caller of the current request do what they may do. */
@ApplicationScoped
public class Permissions {
    /** Snapshots, in their workload's namespace. */
    public static final String SNAPSHOTS = "clustersnapshots";

    /** Restores, in their workload's namespace. */
    public static final String RESTORES = "clusterrestores";

    /** The licence; of no namespace. */
    public static final String LICENSES = "licenses";

    /** Nodes with their volumes and members; of no namespace. */
    public static final String NODES = "pmemnodes";

    private final CurrentIdentityAssociation identities;
    private final AccessReviewer reviewer;

    @Inject
    Permissions(CurrentIdentityAssociation identities, AccessReviewer reviewer) {
        this.identities = identities;
        this.reviewer = reviewer;
    }

    /**
     * Completes if the caller may do this.
     *
     * @param namespace the workload's, or null for all
     * @throws OperationFailedException (emitted) FORBIDDEN
     */
    public Uni<Void> require(String verb, String resource, String namespace) {
        return identities
                .getDeferredIdentity()
                .chain(identity -> {
                    String name = identity.getPrincipal().getName();
                    Caller caller = new Caller(name, identity.getRoles());
                    return reviewer.allowed(caller, verb, resource, namespace).invoke(granted -> {
                        if (!granted) {
                            throw new OperationFailedException(
                                    FailureReason.FORBIDDEN,
                                    name + " may not " + verb + " " + resource + ".mm.memverge.com"
                                            + (namespace == null ? "" : " in namespace " + namespace));
                        }
                    });
                })
                .replaceWithVoid();
    }
}
