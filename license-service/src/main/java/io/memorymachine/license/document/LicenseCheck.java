package io.memorymachine.license.document;

import io.memorymachine.failure.Failure;

/**
 * What came of looking at a file.
 *
 * @param license its terms, or null where its signature does not vouch for them
 * @param failure its defect, or null where it holds here and now
 */
public record LicenseCheck(License license, Failure failure) {
    /** Whether it holds here and now. */
    public boolean holds() {
        return failure == null;
    }
}
