package io.memorymachine.contract.workload;

import java.util.regex.Pattern;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/** The rule for names that users give: RFC 1123 labels, as Kubernetes has them. */
public final class Names {
    /** RFC 1123 label: at most 63 of a-z, 0-9 and '-', beginning and ending with a letter or digit. */
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private Names() {}

    /** Whether the name is an RFC 1123 label. */
    public static boolean isLabel(String name) {
        return name != null && LABEL.matcher(name).matches();
    }

    /**
     * Returns the name unchanged.
     *
     * @param what what is named, for the message
     * @throws OperationFailedException with {@link FailureReason#INVALID_NAME} if it is no RFC 1123 label or null
     */
    public static String requireLabel(String what, String name) {
        if (!isLabel(name)) {
            throw new OperationFailedException(
                    FailureReason.INVALID_NAME,
                    "The " + what + " " + quoted(name)
                            + " is not an RFC 1123 label: at most 63 of a-z, 0-9 and '-',"
                            + " beginning and ending with a letter or digit");
        }
        return name;
    }

    /** Bounded and without control characters, so that a hostile name can stand in a message. */
    private static String quoted(String name) {
        if (name == null) {
            return "(none)";
        }
        String shown = name.length() > 80 ? name.substring(0, 80) + "..." : name;
        return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
