package io.memorymachine.local.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import io.memorymachine.local.host.Tool;
import io.memorymachine.pmem.volume.xfs.EmulatedVolume;

/**
 * The emulated pmem volume of a run directory: XFS with reflinks in a sparse file behind a loop device. The mounts and
 * loop devices of a run directory are found by their paths, so whatever half of it was made is found again.
 */
public final class Volume {
    private static final Path BLOCK_DEVICES = Path.of("/sys/block");

    private final RunDirectory directory;

    /** The volume of a run directory. */
    public Volume(RunDirectory directory) {
        this.directory = directory;
    }

    /** Makes and mounts it unless it is mounted. */
    public void create(long bytes, boolean inMemory) {
        if (mounted()) {
            return;
        }
        // A file without its mount is what a death left: its content belongs to nothing any more.
        removeFiles();
        Path image = inMemory ? directory.volumeInMemory() : directory.volumeOnDisk();
        new EmulatedVolume(image, directory.volume(), bytes).open();
    }

    /** Whether something is mounted where the volume belongs. */
    public boolean mounted() {
        return mounts().contains(directory.volume());
    }

    /** Unmounts everything in the run directory, the last mounted first, and removes the volume's devices and files. */
    public void remove() {
        List<Path> mounts = new ArrayList<>(mounts());
        Collections.reverse(mounts);
        for (Path mount : mounts) {
            if (!Tool.run("umount", mount.toString()).ok()) {
                // Somebody looks into it: it goes when they leave, and nobody finds it meanwhile.
                Tool.run("umount", "--lazy", mount.toString()).orFail(mount + " cannot be unmounted");
            }
        }
        for (String device : loopDevices()) {
            Tool.run("losetup", "--detach", device);
        }
        removeFiles();
    }

    /** What there is of it, a line each. */
    public List<String> leftovers() {
        List<String> found = new ArrayList<>();
        mounts().forEach(mount -> found.add("mount " + mount));
        loopDevices().forEach(device -> found.add("loop device " + device));
        for (Path image : List.of(directory.volumeInMemory(), directory.volumeOnDisk())) {
            if (Files.exists(image)) {
                found.add("volume image " + image);
            }
        }
        return found;
    }

    /** Mount points in the run directory, in the order in which they were mounted. */
    private List<Path> mounts() {
        return MountTable.mountPoints().stream()
                .filter(mount -> mount.startsWith(directory.root()))
                .toList();
    }

    /** The loop devices behind the volume; one unless something is left over. */
    public List<String> loopDevices() {
        try (Stream<Path> devices = Files.list(BLOCK_DEVICES)) {
            return devices.filter(device -> device.getFileName().toString().startsWith("loop"))
                    .filter(this::ours)
                    .map(device -> "/dev/" + device.getFileName())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean ours(Path device) {
        try {
            Path backing = Path.of(Files.readString(device.resolve("loop/backing_file"))
                    .strip()
                    .replaceFirst(" \\(deleted\\)$", ""));
            return backing.startsWith(directory.root()) || backing.equals(directory.volumeInMemory());
        } catch (IOException e) {
            // A loop device without a file behind it has no such entry.
            return false;
        }
    }

    private void removeFiles() {
        try {
            Files.deleteIfExists(directory.volumeInMemory());
            Files.deleteIfExists(directory.volumeOnDisk());
        } catch (IOException e) {
            throw new UncheckedIOException("the volume's file cannot be removed", e);
        }
    }
}
