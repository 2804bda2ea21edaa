package io.memorymachine.pmem.volume.xfs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

import io.memorymachine.pmem.runtime.PrivateFiles;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.pmem.volume.MountedVolume;

/**
 * Persistent memory for machines that have none: XFS with reflink on a loop device over a sparse file, in DRAM
 * ({@code /dev/shm}) or on disk.
 *
 * <p>Opening goes file, file system, loop device, mount; each step looks first whether it was done, so an opening that
 * died is finished by the next one.
 */
public final class EmulatedVolume extends MountedVolume {
    private final Path backing;
    private final long bytes;

    /**
     * A volume that is not open yet.
     *
     * @param backing the sparse file; made where it is missing
     * @param mountPoint made where it is missing
     * @param bytes the size of a new file; XFS needs 300 MiB
     */
    public EmulatedVolume(Path backing, Path mountPoint, long bytes) {
        super(mountPoint);
        this.backing = backing.toAbsolutePath();
        this.bytes = bytes;
    }

    @Override
    protected Path makeReady() throws IOException {
        Trees.create(backing.getParent());
        if (!isXfs()) {
            create();
        }
        return backing;
    }

    /** The loop device goes away by itself with the mount. */
    @Override
    protected String mountOptions() {
        return "loop,noatime,nodiratime,discard";
    }

    private void create() throws IOException {
        // All that members have in memory can be read from it.
        if (!Files.exists(backing)) {
            PrivateFiles.createEmpty(backing);
        }
        try (RandomAccessFile file = new RandomAccessFile(backing.toFile(), "rw")) {
            file.setLength(bytes);
        }
        ready("mkfs.xfs", "-q", "-f", "-m", "reflink=1", backing.toString());
    }

    private boolean isXfs() throws IOException {
        if (!Files.exists(backing)) {
            return false;
        }
        byte[] magic = new byte[4];
        try (RandomAccessFile file = new RandomAccessFile(backing.toFile(), "r")) {
            return file.length() > magic.length
                    && file.read(magic) == magic.length
                    && new String(magic, java.nio.charset.StandardCharsets.US_ASCII).equals("XFSB");
        }
    }

    @Override
    public String kind() {
        return "emulated";
    }
}
