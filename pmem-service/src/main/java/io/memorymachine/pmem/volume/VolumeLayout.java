package io.memorymachine.pmem.volume;

import java.nio.file.Path;

import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.pmem.member.LiveFolder;

/**
 * Where things lie on a volume. All names come from checked names and generated ids.
 *
 * @param root where the volume is mounted
 */
public record VolumeLayout(Path root) {
    /** All live members' folders. */
    public Path live() {
        return root.resolve("live");
    }

    /** One live member's folder. */
    public LiveFolder live(MemberRef member) {
        return new LiveFolder(live().resolve(member.workload().namespace())
                .resolve(member.workload().name())
                .resolve(member.pod()));
    }

    /** All snapshots. */
    public Path snapshots() {
        return root.resolve("snapshots");
    }

    /** What this node holds of one snapshot. */
    public Path snapshot(String snapshotId) {
        return snapshots().resolve(snapshotId);
    }

    /** One member's image. */
    public Path image(String snapshotId, MemberRef member) {
        return snapshot(snapshotId).resolve(member.pod());
    }

    /** One file for each application that has to be brought back from its rest. */
    public Path guards() {
        return root.resolve("guards");
    }

    /** One file for each reservation. */
    public Path reservations() {
        return root.resolve("reservations");
    }
}
