package io.memorymachine.local.console;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** The terminal: sections and lines with a mark in front. Safe for use by several threads; a line is never torn. */
public final class Console {
    private static final int WHAT_WIDTH = 34;

    private final PrintStream out;
    private final boolean colour;

    /**
     * Writes to a stream.
     *
     * @param colour whether ANSI sequences are understood there
     */
    public Console(PrintStream out, boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    /** Standard output; in colour where the property {@code mm.colour} is true, which {@code ./mm} sets on a terminal. */
    public static Console standard() {
        return new Console(System.out, Boolean.getBoolean("mm.colour"));
    }

    /** A file, which is begun anew. */
    public static Console to(Path file) {
        try {
            Files.createDirectories(file.getParent());
            return new Console(
                    new PrintStream(new FileOutputStream(file.toFile()), true, StandardCharsets.UTF_8), false);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }

    /** Begins a part of the output. */
    public void section(String title) {
        out.println("\n" + styled(Style.BOLD, title));
    }

    /** Something was reached. */
    public void done(String what, String detail) {
        mark(Style.GREEN, "ok", what, detail);
    }

    /** Something was reached in a time. */
    public void done(String what, Duration took, String detail) {
        done(what, String.format(Locale.ROOT, "%8s  %s", seconds(took), detail));
    }

    /** Something to know that needs no action. */
    public void note(String what, String detail) {
        mark(Style.DIM, "..", what, detail);
    }

    /** Something that works but not as well as it could. */
    public void warn(String what, String detail) {
        mark(Style.YELLOW, "!!", what, detail);
    }

    /** Something that failed. */
    public void failed(String what, String detail) {
        mark(Style.RED, "XX", what, detail);
    }

    /** A line as it is. */
    public void line(String text) {
        out.println(text);
    }

    /** A text in a style, where the stream understands it. */
    public String styled(Style style, String text) {
        return colour ? style.sequence + text + "\u001b[0m" : text;
    }

    /** Tenths of a second up to minutes, then minutes and seconds. */
    public static String seconds(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 100_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        return String.format(Locale.ROOT, "%d:%02d min", millis / 60_000, millis / 1000 % 60);
    }

    private void mark(Style style, String mark, String what, String detail) {
        String text = detail.isBlank() ? what : String.format(Locale.ROOT, "%-" + WHAT_WIDTH + "s %s", what, detail);
        out.println("  " + styled(style, mark) + "  " + text.stripTrailing());
    }

    /** How a text stands out. */
    public enum Style {
        BOLD("\u001b[1m"),
        DIM("\u001b[2m"),
        RED("\u001b[31m"),
        GREEN("\u001b[32m"),
        YELLOW("\u001b[33m");

        private final String sequence;

        Style(String sequence) {
            this.sequence = sequence;
        }
    }
}
