package io.memorymachine.cli;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One run of the command: what it printed and how it ended. */
record Run(int status, String out, String err) {
    /** Some minutes after what was recorded. */
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T12:30:00Z"), ZoneOffset.UTC);

    /** Runs it against the system of a run directory. */
    static Run of(Path directory, String... args) {
        return answering("", directory, args);
    }

    /** Likewise, as somebody sees it who looks at a terminal. */
    static Run onTerminal(Path directory, String... args) {
        return run("", true, directory, args);
    }

    /** Likewise, with these lines on standard input. */
    static Run answering(String input, Path directory, String... args) {
        return run(input, false, directory, args);
    }

    private static Run run(String input, boolean terminal, Path directory, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Map<String, String> variables = new HashMap<>();
        if (directory != null) {
            variables.put("MM_DIR", directory.toString());
        }
        int status = Mvmcli.run(
                new Environment(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        new BufferedReader(new StringReader(input)),
                        terminal,
                        variables,
                        Optional.empty(),
                        CLOCK),
                args);
        String shown = directory == null ? "" : directory.toString();
        return new Run(status, hide(out.toString(), shown), hide(err.toString(), shown));
    }

    private static String hide(String text, String directory) {
        return directory.isEmpty() ? text : text.replace(directory, "RUN_DIRECTORY");
    }
}
