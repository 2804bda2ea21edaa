package io.memorymachine.http.auth;

import java.util.Optional;

import io.smallrye.mutiny.Uni;

/** Knows whom a bearer token belongs to. */
public interface TokenReviewer {
    /**
     * Reviews a token without blocking.
     *
     * @param token of the characters that RFC 6750 allows, and of bounded length
     * @return its owner, empty where the token is not valid; a failure where that cannot be told now, which is none of the
     *     caller's
     */
    Uni<Optional<Caller>> review(String token);
}
