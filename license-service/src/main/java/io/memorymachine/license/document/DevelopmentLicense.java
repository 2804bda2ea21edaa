package io.memorymachine.license.document;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import io.memorymachine.failure.OperationFailedException;

/**
 * The licence that a machine issues to itself, for one node, marked as such: a service accepts it only with
 * {@code mm.license.allow-development=true}. In its directory lie {@value #KEY} (the key pair, readable by its owner
 * only), {@value #TRUSTED_KEYS} and {@value #LICENSE}.
 *
 * <p>Every file is written beside its place and then moved there. A death in between leaves a key alone, which the next
 * call completes.
 */
public final class DevelopmentLicense {
    /** The key pair's file. */
    public static final String KEY = "development-key.pem";

    /** The public key's file, for {@code mm.license.trusted-keys}. */
    public static final String TRUSTED_KEYS = "trusted-keys.pem";

    /** The licence's file, for {@code mm.license.file} or {@code PUT /api/v1/license}. */
    public static final String LICENSE = "license.json";

    private static final Duration VALID_FOR = Duration.ofDays(90);
    private static final Duration RENEW_BEFORE = Duration.ofDays(45);
    private static final long PMEM_BYTES = 1L << 40;

    private final Path directory;
    private final Clock clock;

    /** The development licence in that directory, which need not be there. */
    public DevelopmentLicense(Path directory, Clock clock) {
        this.directory = Objects.requireNonNull(directory, "directory");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Makes key and licence where they are missing, unreadable or end soon; the sole argument is the directory.
     *
     * @throws IOException if they cannot be written
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            throw new IllegalArgumentException("The argument is the directory of the development licence");
        }
        new DevelopmentLicense(Path.of(args[0]), Clock.systemUTC()).ensure();
    }

    /**
     * Makes what is missing and leaves what is good.
     *
     * @return the licence, valid for at least 45 days
     * @throws IOException if the directory cannot be written, or its key is damaged
     */
    public License ensure() throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        LicenseIssuer issuer = issuer();
        Path file = directory.resolve(LICENSE);
        if (Files.exists(file)) {
            try {
                License found = new LicenseVerifier(issuer.trustedKeys(), true, clock).verify(Files.readAllBytes(file));
                if (found.expires().isAfter(clock.instant().plus(RENEW_BEFORE))) {
                    return found;
                }
            } catch (OperationFailedException e) {
                // Expired, or of another key: whatever it is, the new one below takes its place.
            }
        }
        License license = terms();
        write(file, issuer.issue(license));
        return license;
    }

    private License terms() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new License(
                "development-" + UUID.randomUUID(),
                "Development on this machine",
                1,
                PMEM_BYTES,
                now,
                // Clocks of one machine agree, those that are set back at boot do not.
                now.minus(Duration.ofDays(1)),
                now.plus(VALID_FOR),
                Set.of(License.SNAPSHOT, License.RESTORE),
                true);
    }

    /** The key file is the truth, with both halves in it; the file of the public key follows from it. */
    private LicenseIssuer issuer() throws IOException {
        Path keyFile = directory.resolve(KEY);
        if (!Files.exists(keyFile)) {
            write(keyFile, KeyPem.write(LicenseIssuer.newKeys()).getBytes(StandardCharsets.US_ASCII));
        }
        LicenseIssuer issuer =
                new LicenseIssuer(KeyPem.keyPair(Files.readString(keyFile, StandardCharsets.US_ASCII), KEY));
        Path publicFile = directory.resolve(TRUSTED_KEYS);
        byte[] trusted = issuer.trustedKeyPem().getBytes(StandardCharsets.US_ASCII);
        if (!Files.exists(publicFile) || !Arrays.equals(trusted, Files.readAllBytes(publicFile))) {
            write(publicFile, trusted);
        }
        return issuer;
    }

    private void write(Path file, byte[] content) throws IOException {
        // Created with its permissions, so that nobody can open it in between.
        Path beside = Files.createTempFile(
                directory,
                "." + file.getFileName(),
                null,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(beside, content, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
