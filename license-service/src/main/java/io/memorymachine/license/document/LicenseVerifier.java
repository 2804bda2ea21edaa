package io.memorymachine.license.document;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/**
 * Decides whether a file is a licence that holds now. The checks run in this order, and the first that fails names the
 * reason: envelope, key, signature, content, kind, time. Nothing of the content is looked at before the signature holds.
 * A file that is in every byte the one that was found authentic last is not computed on again; kind and time are checked
 * each time.
 */
public final class LicenseVerifier {
    private static final int SIGNATURE_BYTES = 64;

    private final TrustedKeys keys;
    private final boolean developmentAllowed;
    private final Clock clock;

    /** What was found authentic last; null before. */
    private volatile Authentic latest;

    /**
     * A verifier.
     *
     * @param developmentAllowed whether development licences are accepted
     * @param clock tells what "now" is
     */
    public LicenseVerifier(TrustedKeys keys, boolean developmentAllowed, Clock clock) {
        this.keys = Objects.requireNonNull(keys, "keys");
        this.developmentAllowed = developmentAllowed;
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Returns the terms of a licence that holds now.
     *
     * @throws OperationFailedException with the defect: {@link FailureReason#LICENSE_MALFORMED},
     *     {@link FailureReason#LICENSE_WRONG_KEY}, {@link FailureReason#LICENSE_TAMPERED},
     *     {@link FailureReason#LICENSE_DEVELOPMENT_ONLY}, {@link FailureReason#LICENSE_NOT_YET_VALID} or
     *     {@link FailureReason#LICENSE_EXPIRED}
     */
    public License verify(byte[] file) {
        License license = authenticate(file);
        requireHolds(license);
        return license;
    }

    /** As {@link #verify}, but a defect is part of the answer, beside the terms where they are authentic. */
    public LicenseCheck inspect(byte[] file) {
        License license = null;
        try {
            license = authenticate(file);
            requireHolds(license);
            return new LicenseCheck(license, null);
        } catch (OperationFailedException defect) {
            return new LicenseCheck(license, Failure.of(defect));
        }
    }

    /**
     * Returns the terms of a licence that was signed with a trusted key, whether or not it holds now.
     *
     * @throws OperationFailedException with {@link FailureReason#LICENSE_MALFORMED},
     *     {@link FailureReason#LICENSE_WRONG_KEY} or {@link FailureReason#LICENSE_TAMPERED}
     */
    public License authenticate(byte[] file) {
        Authentic known = latest;
        if (known != null && Arrays.equals(known.file(), file)) {
            return known.license();
        }
        LicenseFile envelope = LicenseFile.read(file);
        requireSignature(envelope);
        License license = envelope.license();
        latest = new Authentic(file.clone(), license);
        return license;
    }

    /**
     * Refuses an authentic licence that does not hold here and now.
     *
     * @throws OperationFailedException with {@link FailureReason#LICENSE_DEVELOPMENT_ONLY},
     *     {@link FailureReason#LICENSE_NOT_YET_VALID} or {@link FailureReason#LICENSE_EXPIRED}
     */
    public void requireHolds(License license) {
        if (license.development() && !developmentAllowed) {
            throw new OperationFailedException(
                    FailureReason.LICENSE_DEVELOPMENT_ONLY,
                    "The licence " + license.id() + " is for development, which this installation does not allow");
        }
        Instant now = clock.instant();
        if (now.isBefore(license.notBefore())) {
            throw new OperationFailedException(
                    FailureReason.LICENSE_NOT_YET_VALID,
                    "The licence " + license.id() + " is valid from " + license.notBefore() + ", it is " + now);
        }
        if (!now.isBefore(license.expires())) {
            throw new OperationFailedException(
                    FailureReason.LICENSE_EXPIRED,
                    "The licence " + license.id() + " expired at " + license.expires() + ", it is " + now);
        }
    }

    private void requireSignature(LicenseFile envelope) {
        List<LicenseFile.SignatureLine> ofTrustedKeys = envelope.signatures().stream()
                .filter(line -> keys.find(line.keyId()).isPresent())
                .toList();
        if (ofTrustedKeys.isEmpty()) {
            throw new OperationFailedException(
                    FailureReason.LICENSE_WRONG_KEY,
                    "None of the licence's keys is among the " + keys.ids().size() + " trusted ones");
        }
        byte[] signed = envelope.signedBytes();
        boolean holds = ofTrustedKeys.stream()
                .anyMatch(line -> matches(keys.find(line.keyId()).orElseThrow(), signed, line.signature()));
        if (!holds) {
            throw new OperationFailedException(
                    FailureReason.LICENSE_TAMPERED, "The licence was changed after it was signed");
        }
    }

    private static boolean matches(PublicKey key, byte[] signed, byte[] signature) {
        // JDK 17 takes a signature with zeros behind it for the same one.
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        try {
            Signature verification = Signature.getInstance(KeyPem.ALGORITHM);
            verification.initVerify(key);
            verification.update(signed);
            return verification.verify(signature);
        } catch (SignatureException e) {
            // The JDK throws for bytes that cannot be a signature (length, range) instead of answering no.
            return false;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw brokenJdk(e);
        }
    }

    /** A file whose signature holds, and its terms. */
    private record Authentic(byte[] file, License license) {}

    private static IllegalStateException brokenJdk(GeneralSecurityException cause) {
        return new IllegalStateException("a key that was read as Ed25519 cannot be used", cause);
    }
}
