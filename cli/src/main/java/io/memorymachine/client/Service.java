package io.memorymachine.client;

/** The services that have an HTTP API. */
public enum Service {
    LICENSE("license-service"),
    PMEM("pmem-service"),
    SNAPSHOT("snapshot-service"),
    RESTORE("restore-service");

    private final String module;

    Service(String module) {
        this.module = module;
    }

    /** Its name in a build, in a cluster and in messages. */
    public String module() {
        return module;
    }
}
