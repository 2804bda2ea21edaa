package io.memorymachine.license.document;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.List;
import java.util.Objects;

/** Issues licences: holds the private key of whoever sells them, or of a machine that issues its own for development. */
public final class LicenseIssuer {
    private final KeyPair keys;

    /** An issuer who signs with that key. */
    public LicenseIssuer(KeyPair keys) {
        this.keys = Objects.requireNonNull(keys, "keys");
    }

    /** A new Ed25519 key pair. */
    public static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance(KeyPem.ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no Ed25519", e);
        }
    }

    /** The key that verifies what this issuer signs. */
    public TrustedKeys trustedKeys() {
        return TrustedKeys.of(List.of(keys.getPublic()));
    }

    /** The same key as PEM, to be put where {@code mm.license.trusted-keys} points. */
    public String trustedKeyPem() {
        return KeyPem.write(keys.getPublic());
    }

    /** Signs the terms; the bytes of the licence file. */
    public byte[] issue(License terms) {
        return sign(LicenseFile.payloadOf(terms));
    }

    /** Signs any payload, as a test of the verifier needs it. */
    byte[] sign(byte[] payload) {
        LicenseFile unsigned = new LicenseFile(payload, List.of());
        try {
            Signature signature = Signature.getInstance(KeyPem.ALGORITHM);
            signature.initSign(keys.getPrivate());
            signature.update(unsigned.signedBytes());
            return new LicenseFile(
                            payload,
                            List.of(new LicenseFile.SignatureLine(KeyPem.idOf(keys.getPublic()), signature.sign())))
                    .write();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a licence cannot be signed with this key", e);
        }
    }
}
