package io.memorymachine.local.system;

import java.util.Locale;
import java.util.stream.Stream;

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

    /**
     * The service of a module.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ServiceProcess ofModule(String module) {
        return Stream.of(values())
                .filter(service -> service.module().equals(module))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no service is called " + module));
    }

    /** The schema and the role in the database. */
    public String schema() {
        return name().toLowerCase(Locale.ROOT);
    }
}
