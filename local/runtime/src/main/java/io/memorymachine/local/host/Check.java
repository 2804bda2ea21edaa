package io.memorymachine.local.host;

/**
 * What was found about one property of the machine.
 *
 * @param remedy how to mend it; empty where there is nothing to mend
 */
public record Check(String name, Level level, String found, String remedy) {
    /** It is as it should be. */
    public static Check ok(String name, String found) {
        return new Check(name, Level.OK, found, "");
    }

    /** It works, but not as well as it could. */
    public static Check warn(String name, String found, String remedy) {
        return new Check(name, Level.WARN, found, remedy);
    }

    /** The system cannot run. */
    public static Check fail(String name, String found, String remedy) {
        return new Check(name, Level.FAIL, found, remedy);
    }

    /** One of two, by a condition. */
    public static Check require(String name, boolean good, String found, String remedy) {
        return good ? ok(name, found) : fail(name, found, remedy);
    }

    /** How bad it is. */
    public enum Level {
        OK,
        WARN,
        FAIL
    }
}
