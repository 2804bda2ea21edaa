package io.memorymachine.contract.workload;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * Names a workload: a StatefulSet whose pods are the members.
 *
 * @param namespace an RFC 1123 label
 * @param name the StatefulSet's name, an RFC 1123 label
 */
public record WorkloadRef(String namespace, String name) {
    /** Refuses what is not an RFC 1123 label: these names become parts of paths and of container ids. */
    public WorkloadRef {
        Names.requireLabel("namespace", namespace);
        Names.requireLabel("workload", name);
    }

    /** {@code namespace/name}. */
    @JsonIgnore
    public String qualified() {
        return namespace + "/" + name;
    }

    @Override
    public String toString() {
        return qualified();
    }
}
