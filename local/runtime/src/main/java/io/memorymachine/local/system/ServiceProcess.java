package io.memorymachine.local.system;

import java.util.Locale;

/** The four services; the order is that of data through them. */
public enum ServiceProcess {
    LICENSE,
    PMEM,
    SNAPSHOT,
    RESTORE;

    /** The Maven module, which is the process's name too. */
    public String module() {
        return schema() + "-service";
    }

    /** The schema and the role in the database. */
    public String schema() {
        return name().toLowerCase(Locale.ROOT);
    }
}
