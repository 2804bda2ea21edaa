package io.memorymachine.pmem.image;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * One member's sealed image as {@code image.json} describes it.
 *
 * @param version of this description; {@value #VERSION} is the only one so far
 * @param member the member's name
 * @param criuVersion the CRIU that made it; an older one need not read it
 * @param imageDigest digest of the container image that the member ran
 * @param encryption null where the files are not encrypted
 * @param files every other file of the image, in the order of their paths
 */
public record MemberImage(
        int version,
        String member,
        String criuVersion,
        String imageDigest,
        CaptureRecord capture,
        Encryption encryption,
        List<ImageFile> files) {
    /** The version written. */
    public static final int VERSION = 1;

    /** How the files are encrypted: the scheme, and the id of the key. */
    public record Encryption(String scheme, String keyId) {}

    /** One file: its path in the image, its size with holes, and its SHA-256 in hex. */
    public record ImageFile(String path, long bytes, String sha256) {}

    /** The sum of the sizes of all files, holes included. */
    @JsonIgnore
    public long totalBytes() {
        return files.stream().mapToLong(ImageFile::bytes).sum();
    }

    /** The sum of the sizes of CRIU's own files. */
    @JsonIgnore
    public long criuBytes() {
        return files.stream()
                .filter(file -> file.path().startsWith("criu/"))
                .mapToLong(ImageFile::bytes)
                .sum();
    }
}
