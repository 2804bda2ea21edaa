package io.memorymachine.local.console;

import java.io.PrintStream;

/** A bar that fills. On a terminal it is drawn over itself; elsewhere it stands there once, full. */
public final class Bar {
    private static final int WIDTH = 30;

    private final PrintStream out;
    private final boolean terminal;
    private final String what;
    private final int total;

    /** An empty bar for this many things. */
    public Bar(PrintStream out, boolean terminal, String what, int total) {
        this.out = out;
        this.terminal = terminal;
        this.what = what;
        this.total = total;
    }

    /** Fills it up to this many. */
    public void reach(int done) {
        if (!terminal && done < total) {
            return;
        }
        int filled = (int) ((long) WIDTH * done / total);
        out.print((terminal ? "\r" : "") + "  [" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + done + "/"
                + total + " " + what + (done == total ? "\n" : ""));
        out.flush();
    }
}
