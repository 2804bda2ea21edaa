package io.memorymachine.contract.pmem;

import io.memorymachine.contract.envelope.Bounds;
import io.memorymachine.contract.workload.MemberRef;

/**
 * What the catalogue knows of one member image.
 *
 * @param node the node that holds it
 * @param imageDigest digest of the container image that the member ran, {@code sha256:...}
 * @param manifestSha256 SHA-256, in hex, of the image's own manifest, which holds the checksum of each file: it binds the
 *     catalogue to the files
 * @param heapBytes size of the heap file
 * @param totalBytes sum of the sizes of all files, holes included
 * @param uniqueBytes bytes on the volume that only this image occupied when it was sealed
 * @param criuBytes size of CRIU's images: memory that is not heap
 * @param files number of files
 * @param mode {@code clone} where the heap was cloned, {@code full} where CRIU dumped it
 */
public record SealedImage(
        MemberRef member,
        String node,
        String imageDigest,
        String manifestSha256,
        long heapBytes,
        long totalBytes,
        long uniqueBytes,
        long criuBytes,
        int files,
        CaptureMode mode) {
    /** Refuses what no sender means. */
    public SealedImage {
        Bounds.present("member", member);
        Bounds.required("node", node);
        Bounds.optional("imageDigest", imageDigest);
        Bounds.optional("manifestSha256", manifestSha256);
        Bounds.size("heapBytes", heapBytes);
        Bounds.size("totalBytes", totalBytes);
        Bounds.size("uniqueBytes", uniqueBytes);
        Bounds.size("criuBytes", criuBytes);
        Bounds.size("files", files);
    }
}
