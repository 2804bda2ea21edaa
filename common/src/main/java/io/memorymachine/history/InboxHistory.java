package io.memorymachine.history;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Forgets commands that nobody repeats any more. */
final class InboxHistory {
    private InboxHistory() {}

    @Produces
    @Singleton
    static Perishable commands() {
        return Perishable.rows("inbox", "inbox", "command_key", "handled_at", "true");
    }
}
