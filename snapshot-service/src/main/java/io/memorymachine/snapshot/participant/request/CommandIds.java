package io.memorymachine.snapshot.participant.request;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import io.memorymachine.participant.CommandContext;

/** Ids of what a command brings into being: the same for each repetition, so that a repetition finds it. */
final class CommandIds {
    private CommandIds() {}

    static UUID of(CommandContext context) {
        return UUID.nameUUIDFromBytes(context.commandKey().getBytes(StandardCharsets.UTF_8));
    }
}
