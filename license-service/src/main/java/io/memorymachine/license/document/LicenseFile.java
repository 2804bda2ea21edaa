package io.memorymachine.license.document;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;

/**
 * A licence as it lies in a file: a DSSE envelope (Dead Simple Signing Envelope 1.0), a JSON document in which the
 * signed bytes stand as they were signed, in Base64. They are never parsed before a signature over them is checked, and
 * never written anew from what was parsed.
 *
 * @param payload the signed bytes: JSON of the {@link License}
 * @param signatures at least one
 */
record LicenseFile(byte[] payload, List<SignatureLine> signatures) {
    /** The type of the payload, signed along with it; a new layout of the terms gets a new version. */
    static final String PAYLOAD_TYPE = "application/vnd.memory-machine.license.v1+json";

    private static final int MAX_SIGNATURES = 8;
    private static final int MAX_KEY_ID_LENGTH = 200;
    private static final ObjectMapper JSON = strictMapper();

    /**
     * One signature.
     *
     * @param keyId names the key, see {@link TrustedKeys}; not signed, only a hint
     * @param signature over {@link #signedBytes()}
     */
    record SignatureLine(String keyId, byte[] signature) {}

    /**
     * Reads an envelope; says nothing about its signatures.
     *
     * @throws OperationFailedException with {@link FailureReason#LICENSE_MALFORMED}
     */
    static LicenseFile read(byte[] file) {
        Envelope envelope = parse(file, Envelope.class, "The file");
        require(PAYLOAD_TYPE.equals(envelope.payloadType()), "Its payloadType is not " + PAYLOAD_TYPE);
        require(
                envelope.signatures() != null
                        && !envelope.signatures().isEmpty()
                        && envelope.signatures().size() <= MAX_SIGNATURES,
                "It does not carry 1 to " + MAX_SIGNATURES + " signatures");
        return new LicenseFile(
                decode(envelope.payload()),
                envelope.signatures().stream().map(LicenseFile::line).toList());
    }

    /** The terms in the payload. To be called when a signature was checked only. */
    License license() {
        return parse(payload, License.class, "The signed content");
    }

    /** What a signature covers: DSSE's pre-authentication encoding of type and payload. */
    byte[] signedBytes() {
        byte[] type = PAYLOAD_TYPE.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("DSSEv1 " + type.length + " " + PAYLOAD_TYPE + " " + payload.length + " ")
                .getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + payload.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    /** The file's bytes. */
    byte[] write() {
        Base64.Encoder base64 = Base64.getEncoder();
        Envelope envelope = new Envelope(
                PAYLOAD_TYPE,
                base64.encodeToString(payload),
                signatures.stream()
                        .map(line -> new Line(line.keyId(), base64.encodeToString(line.signature())))
                        .toList());
        return toJson(envelope);
    }

    /** The payload for some terms. */
    static byte[] payloadOf(License license) {
        return toJson(license);
    }

    private record Envelope(
            @JsonProperty(required = true) String payloadType,
            @JsonProperty(required = true) String payload,
            @JsonProperty(required = true) List<Line> signatures) {}

    private record Line(
            @JsonProperty("keyid") String keyId,
            @JsonProperty(value = "sig", required = true) String signature) {}

    private static SignatureLine line(Line line) {
        require(line != null, "It has an empty signature");
        String keyId = line.keyId() == null ? "" : line.keyId();
        require(keyId.length() <= MAX_KEY_ID_LENGTH, "Its key id is too long");
        return new SignatureLine(keyId, decode(line.signature()));
    }

    private static byte[] decode(String base64) {
        require(base64 != null, "A field is missing");
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw malformed("A field is not Base64", e);
        }
    }

    private static <T> T parse(byte[] json, Class<T> type, String what) {
        try {
            T parsed = JSON.readValue(json, type);
            require(parsed != null, what + " is empty");
            return parsed;
        } catch (IOException e) {
            // The cause's text quotes the input, so it goes no further than the stack trace.
            if (e.getCause() instanceof OperationFailedException refused) {
                throw refused;
            }
            throw malformed(what + " is not the JSON document that a licence is", e);
        }
    }

    private static byte[] toJson(Object value) {
        try {
            return (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("a licence cannot be written as JSON", e);
        }
    }

    private static ObjectMapper strictMapper() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(8)
                        .maxNumberLength(32)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        return JsonMapper.builder(factory)
                .addModule(new JavaTimeModule())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build();
    }

    private static void require(boolean holds, String complaint) {
        if (!holds) {
            throw malformed(complaint, null);
        }
    }

    private static OperationFailedException malformed(String complaint, Throwable cause) {
        return new OperationFailedException(FailureReason.LICENSE_MALFORMED, complaint, cause);
    }
}
