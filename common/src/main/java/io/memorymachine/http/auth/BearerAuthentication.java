package io.memorymachine.http.auth;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.credential.TokenCredential;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.http.ProblemMappers;
import io.memorymachine.http.ProblemWriter;

/**
 * Takes the bearer token (RFC 6750) out of a request's header, or out of the one in which it came through a proxy. Which paths need one is said by {@code
 * quarkus.http.auth.permission}; a request is refused there before its body is read and before a resource is reached.
 */
@ApplicationScoped
class BearerAuthentication implements HttpAuthenticationMechanism {
    private static final String SCHEME = ProblemMappers.BEARER;
    private static final String CHALLENGE = "WWW-Authenticate";
    /** The API server of a cluster keeps the header {@code Authorization} of a request that it passes on. */
    private static final String THROUGH_PROXY = "X-Memory-Machine-Token";

    /** Of a request: why it cannot be told now whose the token is. */
    private static final String UNKNOWN = BearerAuthentication.class.getName() + ".unknown";

    private static final int LONGEST = 4096;
    private static final Pattern HEADER =
            Pattern.compile(SCHEME + " +([A-Za-z0-9._~+/-]+=*) *", Pattern.CASE_INSENSITIVE);

    private final boolean open;
    private final ProblemWriter problems;

    @Inject
    BearerAuthentication(AuthConfig config, ProblemWriter problems) {
        this.open = config.mode() == AuthConfig.Mode.NONE;
        this.problems = problems;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext request, IdentityProviderManager identities) {
        if (open) {
            return Uni.createFrom().item(identity(new Caller("anybody", Set.of())));
        }
        List<String> headers = headers(request);
        if (headers.isEmpty()) {
            return Uni.createFrom().nullItem();
        }
        Optional<String> token = headers.size() == 1 ? token(headers.get(0)) : Optional.empty();
        return token.map(present -> identities
                        .authenticate(new TokenAuthenticationRequest(new TokenCredential(present, SCHEME)))
                        .onFailure(OperationFailedException.class)
                        .transform(unknown -> {
                            request.put(UNKNOWN, unknown);
                            return new AuthenticationFailedException(unknown);
                        }))
                .orElseGet(() -> Uni.createFrom().failure(new AuthenticationFailedException("no bearer token")));
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext request) {
        return Uni.createFrom().item(new ChallengeData(FailureReason.UNAUTHENTICATED.httpStatus(), CHALLENGE, SCHEME));
    }

    @Override
    public Uni<Boolean> sendChallenge(RoutingContext request) {
        if (request.get(UNKNOWN) instanceof OperationFailedException unknown) {
            return problems.refuse(request, unknown.reason(), unknown.getMessage())
                    .replaceWith(true);
        }
        request.response().putHeader(CHALLENGE, SCHEME);
        return problems.refuse(request, FailureReason.UNAUTHENTICATED, ProblemMappers.TOKEN_WANTED)
                .replaceWith(true);
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(TokenAuthenticationRequest.class);
    }

    @Override
    public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext request) {
        return Uni.createFrom().item(new HttpCredentialTransport(HttpCredentialTransport.Type.AUTHORIZATION, SCHEME));
    }

    static SecurityIdentity identity(Caller caller) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(caller.name()))
                .addRoles(caller.groups())
                .build();
    }

    private static List<String> headers(RoutingContext request) {
        List<String> proxied = request.request().headers().getAll(THROUGH_PROXY);
        return proxied.isEmpty()
                ? request.request().headers().getAll(HttpHeaders.AUTHORIZATION)
                : proxied.stream().map(token -> SCHEME + " " + token).toList();
    }

    private static Optional<String> token(String header) {
        if (header.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher bearer = HEADER.matcher(header);
        return bearer.matches() ? Optional.of(bearer.group(1)) : Optional.empty();
    }
}
