package io.memorymachine.contract.envelope;

import java.util.List;
import java.util.UUID;

/**
 * What a field of a message may hold. Whatever is beyond makes the message malformed, so no handler meets it: the records
 * call these methods when they are made.
 */
public final class Bounds {
    /** Members of one workload, hence entries of any list in a message. */
    public static final int ENTRIES = 256;

    /** Characters of a name, id or state. */
    public static final int CHARACTERS = 253;

    private Bounds() {}

    /**
     * Returns the text unchanged, which is not empty.
     *
     * @param what what it is, for the message
     * @throws IllegalArgumentException for null, and for text that is empty, longer than {@link #CHARACTERS} or holds control
     *     characters
     */
    public static String required(String what, String text) {
        if (text == null || text.isEmpty()) {
            throw new IllegalArgumentException("no " + what);
        }
        return optional(what, text);
    }

    /** As {@link #required}, and null and the empty text are fine. */
    public static String optional(String what, String text) {
        if (text != null && text.length() > CHARACTERS) {
            throw new IllegalArgumentException(what + " has " + text.length() + " characters, more than " + CHARACTERS);
        }
        if (text != null && text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(what + " holds control characters");
        }
        return text;
    }

    /** The value unchanged, which is not null. */
    public static <T> T present(String what, T value) {
        if (value == null) {
            throw new IllegalArgumentException("no " + what);
        }
        return value;
    }

    /** The id unchanged, which is a UUID in its canonical form. */
    public static String uuid(String what, String id) {
        if (!UUID.fromString(required(what, id)).toString().equals(id)) {
            throw new IllegalArgumentException(what + " is no canonical UUID");
        }
        return id;
    }

    /**
     * An unchangeable copy.
     *
     * @throws IllegalArgumentException for null, an entry that is null, or more than {@link #ENTRIES}
     */
    public static <T> List<T> list(String what, List<T> entries) {
        if (entries == null || entries.size() > ENTRIES || entries.stream().anyMatch(entry -> entry == null)) {
            throw new IllegalArgumentException(what + " is no list of at most " + ENTRIES + " entries");
        }
        return List.copyOf(entries);
    }

    /** The number unchanged, which is not negative. */
    public static long size(String what, long number) {
        if (number < 0) {
            throw new IllegalArgumentException(what + " is negative: " + number);
        }
        return number;
    }
}
