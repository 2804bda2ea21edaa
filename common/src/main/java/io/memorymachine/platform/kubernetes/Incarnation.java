package io.memorymachine.platform.kubernetes;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/**
 * One start of a member's container in one pod: {@code POD-UID/CONTAINER-ID}.
 *
 * @param containerId without the runtime's scheme
 */
record Incarnation(String podUid, String containerId) {
    private static final Pattern FORM = Pattern.compile("([0-9a-zA-Z-]{1,63})/([0-9a-zA-Z]{8,128})");
    private static final Pattern RUNTIME_ID = Pattern.compile("[a-z0-9-]+://([0-9a-zA-Z]{8,128})");

    /**
     * Reads its text.
     *
     * @throws OperationFailedException MEMBER_CHANGED: another platform has made it
     */
    static Incarnation parse(String text) {
        Matcher form = FORM.matcher(String.valueOf(text));
        if (!form.matches()) {
            throw new OperationFailedException(
                    FailureReason.MEMBER_CHANGED, "'" + text + "' is no container of a pod: POD-UID/CONTAINER-ID");
        }
        return new Incarnation(form.group(1), form.group(2));
    }

    /** Of a pod's uid and the id in a container's status: {@code containerd://ID}; null where there is no container yet. */
    static Incarnation of(String podUid, String runtimeId) {
        Matcher form = RUNTIME_ID.matcher(String.valueOf(runtimeId));
        return form.matches() ? new Incarnation(podUid, form.group(1)) : null;
    }

    @Override
    public String toString() {
        return podUid + "/" + containerId;
    }
}
