package io.memorymachine.snapshot.orchestrate.verify;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.memorymachine.contract.pmem.SealedImage;

/**
 * What the saga that verifies a snapshot knows.
 *
 * @param checkedBytes what the nodes have read so far
 */
public record VerificationData(String snapshotId, String name, List<SealedImage> images, long checkedBytes) {
    /** Copies the images. */
    public VerificationData {
        images = List.copyOf(images);
    }

    /** The images by the node that holds them, nodes in order. */
    Map<String, List<SealedImage>> imagesByNode() {
        return images.stream().collect(Collectors.groupingBy(SealedImage::node, TreeMap::new, Collectors.toList()));
    }

    VerificationData checked(long more) {
        return new VerificationData(snapshotId, name, images, checkedBytes + more);
    }
}
