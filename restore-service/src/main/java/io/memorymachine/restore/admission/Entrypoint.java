package io.memorymachine.restore.admission;

import java.util.List;
import java.util.Map;

/**
 * What an image runs.
 *
 * @param entrypoint before the arguments; may be empty
 * @param arguments those that a pod's {@code args} replace; may be empty
 * @param environment the image's own variables
 */
public record Entrypoint(List<String> entrypoint, List<String> arguments, Map<String, String> environment) {
    /** Keeps copies. */
    public Entrypoint {
        entrypoint = List.copyOf(entrypoint);
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }
}
