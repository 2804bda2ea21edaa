package io.memorymachine.backing;

import java.util.List;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Logging of the broker and the database: warnings and worse, to stderr when they run as processes of their own.
 *
 * <p>Two classes of Kafka warn about what is usual with one node: a controller that activates itself, and clients that
 * are closed twice.
 */
final class QuietLogging {
    /** Categories and their levels; java.util.logging keeps levels only as long as somebody holds the logger. */
    static final Map<String, Level> LEVELS = Map.of(
            "kafka", Level.WARNING,
            "state.change.logger", Level.WARNING,
            "org.apache.kafka", Level.WARNING,
            "org.apache.kafka.controller.QuorumController", Level.SEVERE,
            "org.apache.kafka.clients.NetworkClient", Level.SEVERE);

    static {
        // Chosen once a JVM, by the first who asks for a logger.
        if (System.getProperty("java.util.logging.manager") == null) {
            System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        }
    }

    private static final List<Logger> HELD =
            LEVELS.keySet().stream().map(Logger::getLogger).toList();

    private QuietLogging() {}

    /** Sets the levels of what logs inside a JVM that has its own logging. */
    static void quieten() {
        HELD.forEach(logger -> logger.setLevel(LEVELS.get(logger.getName())));
    }

    /** Must be called before anything logs: only then levels hold. */
    static void install() {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        ConsoleHandler stderr = new ConsoleHandler();
        stderr.setLevel(Level.WARNING);
        root.addHandler(stderr);
        root.setLevel(Level.WARNING);
        quieten();
    }
}
