package io.memorymachine.license.document;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.license.TestClock;

import static io.memorymachine.license.document.Refusals.assertRefused;
import static io.memorymachine.license.document.TestLicenses.EXPIRES;
import static io.memorymachine.license.document.TestLicenses.NOON;
import static io.memorymachine.license.document.TestLicenses.NOT_BEFORE;
import static io.memorymachine.license.document.TestLicenses.STRANGER;
import static io.memorymachine.license.document.TestLicenses.VENDOR;
import static org.assertj.core.api.Assertions.assertThat;

class LicenseVerifierTest {
    private static final Duration TICK = Duration.ofNanos(1);

    private static LicenseVerifier verifierAt(Instant now) {
        return new LicenseVerifier(VENDOR.trustedKeys(), false, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static LicenseVerifier verifier() {
        return verifierAt(NOON);
    }

    @Test
    void anIssuedLicenceHoldsAndReadsAsItWasIssued() {
        assertThat(verifier().verify(VENDOR.issue(TestLicenses.terms()))).isEqualTo(TestLicenses.terms());
    }

    @Test
    void holdsFromItsFirstInstantToTheOneBeforeItsEnd() {
        byte[] file = VENDOR.issue(TestLicenses.terms());

        assertRefused(
                FailureReason.LICENSE_NOT_YET_VALID,
                () -> verifierAt(NOT_BEFORE.minus(TICK)).verify(file));
        assertThat(verifierAt(NOT_BEFORE).verify(file)).isNotNull();
        assertThat(verifierAt(EXPIRES.minus(TICK)).verify(file)).isNotNull();
        assertRefused(FailureReason.LICENSE_EXPIRED, () -> verifierAt(EXPIRES).verify(file));
    }

    @Test
    void anExpiredLicenceIsStillAuthentic() {
        assertThat(verifierAt(EXPIRES.plus(Duration.ofDays(400))).authenticate(VENDOR.issue(TestLicenses.terms())))
                .isEqualTo(TestLicenses.terms());
    }

    @Test
    void theSameFileIsAuthenticatedOnce() {
        LicenseVerifier verifier = verifier();
        byte[] file = VENDOR.issue(TestLicenses.terms());
        License license = verifier.authenticate(file);

        assertThat(verifier.authenticate(file.clone())).isSameAs(license);
    }

    @Test
    void aFileThatWasAuthenticVouchesForNoOther() {
        LicenseVerifier verifier = verifier();
        byte[] file = VENDOR.issue(TestLicenses.terms());
        verifier.authenticate(file);
        LicenseFile issued = LicenseFile.read(file);
        byte[] tampered = new LicenseFile(flipped(issued.payload(), 3), issued.signatures()).write();

        assertRefused(FailureReason.LICENSE_TAMPERED, () -> verifier.authenticate(tampered));
        System.arraycopy(tampered, 0, file, 0, file.length);
        assertRefused(FailureReason.LICENSE_TAMPERED, () -> verifier.authenticate(file));
    }

    @Test
    void anAuthenticFileEndsInTimeAllTheSame() {
        TestClock clock = new TestClock();
        LicenseVerifier verifier = new LicenseVerifier(VENDOR.trustedKeys(), false, clock);
        byte[] file = VENDOR.issue(TestLicenses.terms());
        verifier.verify(file);
        clock.set(EXPIRES);

        assertRefused(FailureReason.LICENSE_EXPIRED, () -> verifier.verify(file));
    }

    @Test
    void aStrangersLicenceIsRefusedForItsKey() {
        assertRefused(FailureReason.LICENSE_WRONG_KEY, () -> verifier().verify(STRANGER.issue(TestLicenses.terms())));
    }

    @Test
    void withoutTrustedKeysEveryLicenceIsRefusedForItsKey() {
        LicenseVerifier trustsNobody =
                new LicenseVerifier(TrustedKeys.none(), false, Clock.fixed(NOON, ZoneOffset.UTC));
        assertRefused(FailureReason.LICENSE_WRONG_KEY, () -> trustsNobody.verify(VENDOR.issue(TestLicenses.terms())));
    }

    @Test
    void aStrangersSignatureUnderATrustedNameIsRefusedAsTampered() {
        LicenseFile strangers = LicenseFile.read(STRANGER.issue(TestLicenses.terms()));
        String trustedName = VENDOR.trustedKeys().ids().iterator().next();
        byte[] forged = new LicenseFile(
                        strangers.payload(),
                        List.of(new LicenseFile.SignatureLine(
                                trustedName, strangers.signatures().get(0).signature())))
                .write();

        assertRefused(FailureReason.LICENSE_TAMPERED, () -> verifier().verify(forged));
    }

    @Test
    void oneTrustedSignatureAmongStrangersIsEnough() {
        LicenseFile vendors = LicenseFile.read(VENDOR.issue(TestLicenses.terms()));
        LicenseFile strangers = LicenseFile.read(STRANGER.issue(TestLicenses.terms()));
        byte[] both = new LicenseFile(
                        vendors.payload(),
                        List.of(
                                strangers.signatures().get(0),
                                vendors.signatures().get(0)))
                .write();

        assertThat(verifier().verify(both)).isEqualTo(TestLicenses.terms());
    }

    @Test
    void changedTermsAreRefusedAsTampered() {
        LicenseFile issued = LicenseFile.read(VENDOR.issue(TestLicenses.terms()));
        String payload = new String(issued.payload(), StandardCharsets.UTF_8);
        assertThat(payload).contains("\"nodes\" : 3");
        byte[] changed = new LicenseFile(
                        payload.replace("\"nodes\" : 3", "\"nodes\" : 9").getBytes(StandardCharsets.UTF_8),
                        issued.signatures())
                .write();

        assertRefused(FailureReason.LICENSE_TAMPERED, () -> verifier().verify(changed));
    }

    /** S and S + L satisfy the same equation; RFC 8032 has only the smaller one be a signature. */
    @Test
    void theSecondFormOfASignatureIsRefusedAsTampered() {
        LicenseFile issued = LicenseFile.read(VENDOR.issue(TestLicenses.terms()));
        LicenseFile.SignatureLine line = issued.signatures().get(0);
        BigInteger order = BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
        byte[] other = line.signature().clone();
        byte[] s = new byte[32];
        for (int i = 0; i < 32; i++) {
            s[i] = other[63 - i];
        }
        BigInteger larger = new BigInteger(1, s).add(order);
        for (int i = 0; i < 32; i++) {
            other[32 + i] = larger.shiftRight(8 * i).byteValue();
        }
        byte[] file =
                new LicenseFile(issued.payload(), List.of(new LicenseFile.SignatureLine(line.keyId(), other))).write();

        assertRefused(FailureReason.LICENSE_TAMPERED, () -> verifier().verify(file));
    }

    @Test
    void aFlippedBitAnywhereInPayloadOrSignatureIsRefusedAsTampered() {
        LicenseFile issued = LicenseFile.read(VENDOR.issue(TestLicenses.terms()));
        LicenseFile.SignatureLine line = issued.signatures().get(0);
        for (int bit = 0; bit < issued.payload().length * 8; bit += 3) {
            byte[] file = new LicenseFile(flipped(issued.payload(), bit), issued.signatures()).write();
            assertRefused(FailureReason.LICENSE_TAMPERED, () -> verifier().verify(file));
        }
        for (int bit = 0; bit < line.signature().length * 8; bit++) {
            byte[] file = new LicenseFile(
                            issued.payload(),
                            List.of(new LicenseFile.SignatureLine(line.keyId(), flipped(line.signature(), bit))))
                    .write();
            assertRefused(FailureReason.LICENSE_TAMPERED, () -> verifier().verify(file));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 65, 1000})
    void aSignatureOfAnotherLengthIsRefusedAsTampered(int length) {
        LicenseFile issued = LicenseFile.read(VENDOR.issue(TestLicenses.terms()));
        LicenseFile.SignatureLine line = issued.signatures().get(0);
        byte[] file = new LicenseFile(
                        issued.payload(),
                        List.of(new LicenseFile.SignatureLine(line.keyId(), Arrays.copyOf(line.signature(), length))))
                .write();

        assertRefused(FailureReason.LICENSE_TAMPERED, () -> verifier().verify(file));
    }

    @Test
    void aDevelopmentLicenceHoldsOnlyWhereItIsAllowed() {
        byte[] file = VENDOR.issue(TestLicenses.developmentTerms());

        assertRefused(FailureReason.LICENSE_DEVELOPMENT_ONLY, () -> verifier().verify(file));
        assertThat(new LicenseVerifier(VENDOR.trustedKeys(), true, Clock.fixed(NOON, ZoneOffset.UTC)).verify(file))
                .isEqualTo(TestLicenses.developmentTerms());
    }

    @Test
    void featuresOfALaterVersionDoNotMakeALicenceUnreadable() {
        License terms = TestLicenses.terms("later", 1, 1, Set.of("snapshot", "time-travel"));

        License read = verifier().verify(VENDOR.issue(terms));

        assertThat(read.grants("snapshot")).isTrue();
        assertThat(read.grants("restore")).isFalse();
    }

    /** Signed by the vendor, so that only the content can be at fault. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "not json",
                "{\"id\":\"a\"}",
                "{} {}",
            })
    void signedContentThatIsNoLicenceIsRefusedAsMalformed(String payload) {
        assertRefused(
                FailureReason.LICENSE_MALFORMED,
                () -> verifier().verify(VENDOR.sign(payload.getBytes(StandardCharsets.UTF_8))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"id\" : \"acme-2026\" -> \"id\" : \"../../etc\"",
                "\"id\" : \"acme-2026\" -> \"id\" : null",
                "\"nodes\" : 3 -> \"nodes\" : 0",
                "\"nodes\" : 3 -> \"nodes\" : -1",
                "\"nodes\" : 3 -> \"nodes\" : 3.5",
                "\"nodes\" : 3 -> \"nodes\" : \"3\"",
                "\"nodes\" : 3 -> \"nodes\" : null",
                "\"nodes\" : 3 -> \"nodes\" : 99999999999",
                "\"nodes\" : 3 -> \"nodes\" : 3, \"nodes\" : 4",
                "\"nodes\" : 3 -> \"nodes\" : 3, \"unknown\" : 4",
                "\"pmemBytes\" : 68719476736 -> \"pmemBytes\" : 0",
                "\"pmemBytes\" : 68719476736 -> \"pmemBytes\" : -68719476736",
                "\"pmemBytes\" : 68719476736 -> \"pmemBytes\" : 1e400",
                "\"expires\" : \"2027-01-01T00:00:00Z\" -> \"expires\" : \"2026-01-01T00:00:00Z\"",
                "\"expires\" : \"2027-01-01T00:00:00Z\" -> \"expires\" : \"next year\"",
                "\"restore\", -> \"\",",
                "[ \"restore\", \"snapshot\" ] -> [ ]",
                "[ \"restore\", \"snapshot\" ] -> null",
                "\"development\" : false -> \"development\" : \"no\"",
                "\"development\" : false -> \"development\" : null",
            })
    void signedTermsThatNoIssuerWritesAreRefusedAsMalformed(String change) {
        String[] fromTo = change.split(" -> ");
        String payload = new String(LicenseFile.payloadOf(TestLicenses.terms()), StandardCharsets.UTF_8);
        assertThat(payload).contains(fromTo[0]);

        assertRefused(
                FailureReason.LICENSE_MALFORMED,
                () -> verifier()
                        .verify(VENDOR.sign(
                                payload.replace(fromTo[0], fromTo[1]).getBytes(StandardCharsets.UTF_8))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "{}",
                "\u0000\u0001\u0002",
                "-----BEGIN LICENSE-----",
                "{\"payloadType\":\"application/vnd.memory-machine.license.v1+json\",\"payload\":\"e30=\"}",
                "{\"payloadType\":\"application/vnd.memory-machine.license.v1+json\",\"payload\":\"e30=\",\"signatures\":[]}",
                "{\"payloadType\":\"application/vnd.memory-machine.license.v1+json\",\"payload\":\"e30=\",\"signatures\":[null]}",
                "{\"payloadType\":\"application/vnd.memory-machine.license.v1+json\",\"payload\":\"e30=\",\"signatures\":[{}]}",
                "{\"payloadType\":\"application/vnd.memory-machine.license.v1+json\",\"payload\":\"***\",\"signatures\":[{\"keyid\":\"a\",\"sig\":\"AA==\"}]}",
                "{\"payloadType\":\"application/vnd.memory-machine.license.v1+json\",\"payload\":\"e30=\",\"signatures\":[{\"keyid\":\"a\",\"sig\":\"***\"}]}",
                "{\"payloadType\":\"application/vnd.memory-machine.license.v1+json\",\"payload\":7,\"signatures\":[{\"keyid\":\"a\",\"sig\":\"AA==\"}]}",
                "{\"payloadType\":\"application/json\",\"payload\":\"e30=\",\"signatures\":[{\"keyid\":\"a\",\"sig\":\"AA==\"}]}",
            })
    void whatIsNoEnvelopeIsRefusedAsMalformed(String file) {
        assertRefused(FailureReason.LICENSE_MALFORMED, () -> verifier().verify(file.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void deepNestingIsRefusedAsMalformed() {
        byte[] deep = "[".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        assertRefused(FailureReason.LICENSE_MALFORMED, () -> verifier().verify(deep));
    }

    @Test
    void tooManySignaturesAreRefusedAsMalformed() {
        LicenseFile issued = LicenseFile.read(VENDOR.issue(TestLicenses.terms()));
        LicenseFile.SignatureLine line = issued.signatures().get(0);
        byte[] file = new LicenseFile(issued.payload(), Collections.nCopies(9, line)).write();

        assertRefused(FailureReason.LICENSE_MALFORMED, () -> verifier().verify(file));
    }

    /** Whatever is done to a file, the answer is one of the foreseen refusals, and never a licence with other terms. */
    @Test
    void randomDamageNeverPassesAndNeverSurprises() {
        Random random = new Random(20260101);
        byte[] good = VENDOR.issue(TestLicenses.terms());
        EnumSet<FailureReason> foreseen = EnumSet.of(
                FailureReason.LICENSE_MALFORMED, FailureReason.LICENSE_WRONG_KEY, FailureReason.LICENSE_TAMPERED);
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged = damaged(good, random);
            try {
                // White space and the spare bits of Base64 may change without changing what was signed.
                assertThat(verifier().verify(damaged)).isEqualTo(TestLicenses.terms());
            } catch (OperationFailedException e) {
                assertThat(foreseen).contains(e.reason());
                assertThat(e.getMessage()).hasSizeLessThan(300).doesNotContain("\n");
            }
        }
    }

    @Test
    void refusalsDoNotQuoteTheFile() {
        byte[] file = ("{\"payloadType\":\"" + "secret".repeat(50) + "\"}").getBytes(StandardCharsets.UTF_8);

        OperationFailedException refusal =
                assertRefused(FailureReason.LICENSE_MALFORMED, () -> verifier().verify(file));

        assertThat(refusal.getMessage()).doesNotContain("secret");
    }

    @Test
    void signsTheBytesThatTheDsseSpecificationNames() {
        LicenseFile file = new LicenseFile("hello world".getBytes(StandardCharsets.UTF_8), List.of());

        assertThat(new String(file.signedBytes(), StandardCharsets.UTF_8))
                .isEqualTo("DSSEv1 46 application/vnd.memory-machine.license.v1+json 11 hello world");
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bytes = good.clone();
        switch (random.nextInt(4)) {
            case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 2 -> {
                int from = random.nextInt(bytes.length);
                int length = random.nextInt(bytes.length - from);
                byte[] noise = new byte[length];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bytes, from, length);
            }
            default -> {
                byte[] base64Noise = new byte[3];
                random.nextBytes(base64Noise);
                byte[] text = Base64.getEncoder().encode(base64Noise);
                System.arraycopy(text, 0, bytes, random.nextInt(bytes.length - text.length), text.length);
            }
        }
        return bytes;
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        return flipped;
    }
}
