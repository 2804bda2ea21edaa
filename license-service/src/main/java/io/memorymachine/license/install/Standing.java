package io.memorymachine.license.install;

import java.time.Instant;

import io.memorymachine.license.document.LicenseCheck;
import io.memorymachine.license.store.Commitments;

/**
 * The installed licence, as it stands now.
 *
 * @param licenseId its id as it was when it was installed, or null where none is installed
 * @param check whether it holds; never null, also where none is installed
 * @param source {@code http} or {@code file}, or null where none is installed
 * @param installedAt null where none is installed
 * @param commitments what counts against it
 */
public record Standing(
        String licenseId, LicenseCheck check, String source, Instant installedAt, Commitments commitments) {}
