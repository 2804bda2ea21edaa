package io.memorymachine.pmem.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.memorymachine.contract.pmem.PmemFact.InventoryTaken;
import io.memorymachine.contract.pmem.PmemFact.InventoryTaken.Content;
import io.memorymachine.contract.pmem.PmemFact.InventoryTaken.Holding;
import io.memorymachine.contract.workload.Names;
import io.memorymachine.pmem.image.MemberImages;

/** Lists what a volume holds of snapshots and operations. What comes or goes meanwhile may be in it or not. */
public final class VolumeInventory {
    private final PmemVolume volume;

    /** Lists one volume. */
    public VolumeInventory(PmemVolume volume) {
        this.volume = volume;
    }

    /**
     * The holdings in the order of their content, at most {@value InventoryTaken#MOST_HOLDINGS}.
     *
     * @param agedBefore what was changed last before this is aged
     */
    public List<Holding> list(Instant agedBefore) throws IOException {
        Map<String, Holding> found = new HashMap<>();
        for (Path reservation : children(volume.layout().reservations())) {
            add(found, reservation, Content.RESERVATION, agedBefore);
        }
        for (Path snapshot : children(volume.layout().snapshots())) {
            add(found, snapshot, isSealed(snapshot) ? Content.SEALED : Content.UNSEALED, agedBefore);
        }
        return found.values().stream()
                .sorted(Comparator.comparing(Holding::content).thenComparing(Holding::id))
                .limit(InventoryTaken.MOST_HOLDINGS)
                .toList();
    }

    /** A snapshot that was completed has a sealed image of every member. */
    private static boolean isSealed(Path snapshot) throws IOException {
        List<Path> images = children(snapshot);
        return !images.isEmpty() && images.stream().allMatch(MemberImages::isSealed);
    }

    private static void add(Map<String, Holding> found, Path path, Content content, Instant agedBefore)
            throws IOException {
        String id = path.getFileName().toString();
        if (!Names.isLabel(id)) {
            // Not ours: what we write is named by ids.
            return;
        }
        try {
            Instant changed =
                    Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
            found.put(id, new Holding(id, content, changed.isBefore(agedBefore)));
        } catch (NoSuchFileException gone) {
            found.remove(id);
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        List<Path> children = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            all.forEach(children::add);
        } catch (NoSuchFileException none) {
            return List.of();
        }
        return children;
    }
}
