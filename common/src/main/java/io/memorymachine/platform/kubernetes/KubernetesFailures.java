package io.memorymachine.platform.kubernetes;

import java.util.function.Supplier;

import io.fabric8.kubernetes.client.KubernetesClientException;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/**
 * Turns what the API server refuses, or does not answer, into refusals that the product foresees. The client itself has
 * repeated by then what can be repeated at once (429 and 5xx).
 */
public final class KubernetesFailures {
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;
    private static final int GONE = 410;
    private static final int TOO_MANY = 429;
    private static final int SERVER = 500;

    private KubernetesFailures() {}

    /**
     * Runs what talks to the API server.
     *
     * @param what what is being done, for the message: "hz cannot be read"
     * @throws OperationFailedException UNAVAILABLE and transient where the server is away, overloaded, or was overtaken by
     *     somebody else; FORBIDDEN where this service lacks a right; else the reason given
     */
    public static <T> T translated(FailureReason otherwise, String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (KubernetesClientException refused) {
            throw translate(otherwise, what, refused);
        }
    }

    static OperationFailedException translate(FailureReason otherwise, String what, KubernetesClientException refused) {
        int code = refused.getCode();
        String message = what + ": " + told(refused);
        if (code == FORBIDDEN) {
            return new OperationFailedException(
                    FailureReason.FORBIDDEN, message + " (is this service's ClusterRole bound?)", refused);
        }
        if (isUnanswered(refused) || code == CONFLICT || code == GONE || code == TOO_MANY || code >= SERVER) {
            return OperationFailedException.transientFailure(FailureReason.UNAVAILABLE, message, refused);
        }
        return new OperationFailedException(otherwise, message, refused);
    }

    /** The client gives a status only to what was answered. */
    private static boolean isUnanswered(KubernetesClientException refused) {
        return refused.getCode() <= 0;
    }

    private static String told(KubernetesClientException refused) {
        if (refused.getStatus() != null && refused.getStatus().getMessage() != null) {
            return refused.getStatus().getMessage();
        }
        Throwable last = refused;
        while (last.getCause() != null && last.getCause() != last) {
            last = last.getCause();
        }
        return isUnanswered(refused)
                ? "the API server does not answer: " + last.getMessage()
                : "the API server answers " + refused.getCode();
    }
}
