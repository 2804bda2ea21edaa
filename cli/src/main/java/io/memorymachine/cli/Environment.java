package io.memorymachine.cli;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * What surrounds a run of the command.
 *
 * @param terminal whether somebody looks at {@code out} as it is written, so that a line may be written over
 * @param variables the environment variables
 * @param home the clone or folder that the command was started from, or empty
 */
public record Environment(
        PrintWriter out,
        PrintWriter err,
        BufferedReader in,
        boolean terminal,
        Map<String, String> variables,
        Optional<Path> home,
        Clock clock) {
    /** Set by the launcher where standard output is a terminal. */
    static final String TERMINAL = "mvmcli.terminal";

    /** Set by the launcher: the folder above its own. */
    static final String HOME = "mvmcli.home";

    /** The process's own. */
    static Environment ofProcess() {
        return new Environment(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
                Boolean.getBoolean(TERMINAL),
                System.getenv(),
                Optional.ofNullable(System.getProperty(HOME)).map(Path::of),
                Clock.systemUTC());
    }

    /** A variable that is set and not empty. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
    }
}
