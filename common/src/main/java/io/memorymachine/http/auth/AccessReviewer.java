package io.memorymachine.http.auth;

import io.smallrye.mutiny.Uni;

/** Knows what a caller may do. */
@FunctionalInterface
public interface AccessReviewer {
    /**
     * Reviews a right without blocking.
     *
     * @param verb as Kubernetes has them: get, list, create, update, delete
     * @param resource the plural: {@code clustersnapshots}
     * @param namespace the workload's, or null for all
     * @return whether it is granted; a failure where that cannot be told now
     */
    Uni<Boolean> allowed(Caller caller, String verb, String resource, String namespace);
}
