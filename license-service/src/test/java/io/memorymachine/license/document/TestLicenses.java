package io.memorymachine.license.document;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;

/** Licences of all kinds for tests, signed with the published test keys of RFC 8032, section 7.1. */
public final class TestLicenses {
    /** When every licence of this class begins to hold. */
    public static final Instant NOT_BEFORE = Instant.parse("2026-01-01T00:00:00Z");

    /** When it ends. */
    public static final Instant EXPIRES = Instant.parse("2027-01-01T00:00:00Z");

    /** In the middle. */
    public static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");

    /** Whose key the tests trust (RFC 8032 TEST 1). */
    public static final LicenseIssuer VENDOR = new LicenseIssuer(keys(
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));

    /** Whose key they do not trust (RFC 8032 TEST 2). */
    public static final LicenseIssuer STRANGER = new LicenseIssuer(keys(
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));

    private TestLicenses() {}

    /** Three nodes, 64 GiB, both features, for the year 2026. */
    public static License terms() {
        return new License(
                "acme-2026",
                "ACME Oy, Jyv\u00e4skyl\u00e4",
                3,
                64L << 30,
                NOT_BEFORE.minus(Duration.ofDays(10)),
                NOT_BEFORE,
                EXPIRES,
                Set.of(License.SNAPSHOT, License.RESTORE),
                false);
    }

    /** The same for development. */
    public static License developmentTerms() {
        License terms = terms();
        return new License(
                "dev-1",
                terms.holder(),
                1,
                terms.pmemBytes(),
                terms.issued(),
                terms.notBefore(),
                terms.expires(),
                terms.features(),
                true);
    }

    /** The same with another id and another life. */
    public static License terms(String id, Instant issued, Instant notBefore, Instant expires) {
        License terms = terms();
        return new License(
                id,
                terms.holder(),
                terms.nodes(),
                terms.pmemBytes(),
                issued,
                notBefore,
                expires,
                terms.features(),
                false);
    }

    /** The same with other limits. */
    public static License terms(String id, int nodes, long pmemBytes, Set<String> features) {
        License terms = terms();
        return new License(
                id,
                terms.holder(),
                nodes,
                pmemBytes,
                terms.issued(),
                terms.notBefore(),
                terms.expires(),
                features,
                false);
    }

    private static KeyPair keys(String privateKey, String publicKey) {
        try {
            KeyFactory factory = KeyFactory.getInstance("Ed25519");
            return new KeyPair(
                    factory.generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point(publicKey))),
                    factory.generatePrivate(new EdECPrivateKeySpec(
                            NamedParameterSpec.ED25519, HexFormat.of().parseHex(privateKey))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** RFC 8032, section 5.1.3: y as little endian, the sign of x in the highest bit. */
    private static EdECPoint point(String publicKey) {
        byte[] bytes = HexFormat.of().parseHex(publicKey);
        boolean xOdd = (bytes[31] & 0x80) != 0;
        bytes[31] &= 0x7f;
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = bytes[31 - i];
        }
        return new EdECPoint(xOdd, new BigInteger(1, bigEndian));
    }
}
