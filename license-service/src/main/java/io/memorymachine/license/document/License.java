package io.memorymachine.license.document;

import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/**
 * What a licence grants. An instance is well-formed, which says nothing about whether it holds now: see
 * {@link LicenseVerifier}.
 *
 * @param id unique per licence, at most 64 letters, digits, dots, dashes and underscores
 * @param holder who it was issued to, for people; at most {@value #MAX_HOLDER_LENGTH} characters, none of them a control
 *     character
 * @param nodes how many nodes may take part, 1 or more
 * @param pmemBytes how much persistent memory may be used over all nodes, in bytes, 1 or more
 * @param issued when it was signed; the later of two licences is the newer
 * @param notBefore the first instant at which it holds
 * @param expires the first instant at which it does not hold any more
 * @param features what may be done, at least one; names that this version does not know are kept and grant nothing
 * @param development issued by a machine for itself: accepted only where the configuration allows it
 */
public record License(
        String id,
        String holder,
        int nodes,
        long pmemBytes,
        Instant issued,
        Instant notBefore,
        Instant expires,
        Set<String> features,
        boolean development) {
    /** The feature that covers taking snapshots. */
    public static final String SNAPSHOT = "snapshot";

    /** The feature that covers restoring them. */
    public static final String RESTORE = "restore";

    static final int MAX_HOLDER_LENGTH = 200;

    private static final int MAX_FEATURES = 32;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern FEATURE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /**
     * Refuses what no issuer would sign.
     *
     * @throws OperationFailedException with {@link FailureReason#LICENSE_MALFORMED}, naming the field
     */
    public License {
        require(id != null && ID.matcher(id).matches(), "id is not 1 to 64 letters, digits, '.', '-' and '_'");
        require(holder != null && !holder.isBlank() && holder.length() <= MAX_HOLDER_LENGTH, "holder is empty or long");
        require(holder.codePoints().noneMatch(Character::isISOControl), "holder has control characters");
        require(nodes >= 1, "nodes is below 1");
        require(pmemBytes >= 1, "pmemBytes is below 1");
        require(issued != null && notBefore != null && expires != null, "issued, notBefore or expires is missing");
        require(notBefore.isBefore(expires), "expires is not after notBefore");
        require(
                features != null && !features.isEmpty() && features.size() <= MAX_FEATURES,
                "features is empty or long");
        require(
                features.stream()
                        .allMatch(name -> name != null && FEATURE.matcher(name).matches()),
                "features has a name that is none");
        // Sorted, so that equal terms make equal files.
        features = Collections.unmodifiableSet(new TreeSet<>(features));
    }

    /** Whether it includes a feature. */
    public boolean grants(String feature) {
        return features.contains(Objects.requireNonNull(feature, "feature"));
    }

    private static void require(boolean holds, String complaint) {
        if (!holds) {
            throw new OperationFailedException(FailureReason.LICENSE_MALFORMED, "In the licence, " + complaint);
        }
    }
}
