package io.memorymachine.pmem.participant;

import io.memorymachine.contract.workload.Names;

/** Ids that arrive in messages and become names of folders and files. */
public final class OperationIds {
    private OperationIds() {}

    /**
     * The id unchanged.
     *
     * @throws io.memorymachine.failure.OperationFailedException INVALID_NAME for whatever could leave its folder
     */
    public static String require(String id) {
        return Names.requireLabel("operation id", id);
    }
}
