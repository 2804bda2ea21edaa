package io.memorymachine.http.auth;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.smallrye.mutiny.Uni;

/** Turns a token into the identity of its owner. */
@ApplicationScoped
class TokenIdentities implements IdentityProvider<TokenAuthenticationRequest> {
    private final TokenReviewer reviewer;

    @Inject
    TokenIdentities(TokenReviewer reviewer) {
        this.reviewer = reviewer;
    }

    @Override
    public Class<TokenAuthenticationRequest> getRequestType() {
        return TokenAuthenticationRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
            TokenAuthenticationRequest request, AuthenticationRequestContext context) {
        return reviewer.review(request.getToken().getToken())
                .map(caller -> caller.map(BearerAuthentication::identity)
                        .orElseThrow(() -> new AuthenticationFailedException("not a token of ours")));
    }
}
