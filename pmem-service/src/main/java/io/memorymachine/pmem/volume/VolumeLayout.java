package io.memorymachine.pmem.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

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

    /**
     * Makes the folder of all live members' folders open to everybody. On Kubernetes the kubelet makes a member's folder,
     * with the mode of this one, and the application may run as any user. Nobody but root passes the volume's own folder,
     * and a container sees its member's folder alone.
     */
    public void openLive() throws IOException {
        Files.createDirectories(live());
        Files.setPosixFilePermissions(live(), PosixFilePermissions.fromString("rwxrwxrwx"));
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
