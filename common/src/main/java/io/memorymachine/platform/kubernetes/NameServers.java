package io.memorymachine.platform.kubernetes;

import java.util.List;
import java.util.Set;

/** The name servers that the members ask. */
interface NameServers {
    /** One answer of one server. */
    record Answer(String server, Set<String> addresses) {}

    /**
     * What each server says now of a full name; without addresses where it does not know it or does not answer. Never from
     * a cache of this process.
     */
    List<Answer> resolve(String name);
}
