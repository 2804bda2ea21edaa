package io.memorymachine.http.auth;

import java.util.Set;

/**
 * Whom a token belongs to.
 *
 * @param name never empty
 * @param groups may be empty
 */
public record Caller(String name, Set<String> groups) {
    /** Keeps a copy of the groups. */
    public Caller {
        groups = Set.copyOf(groups);
    }
}
