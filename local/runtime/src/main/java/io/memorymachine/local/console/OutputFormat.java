package io.memorymachine.local.console;

/** How a command prints what it found; the constants are what users write. */
public enum OutputFormat {
    table,
    json
}
