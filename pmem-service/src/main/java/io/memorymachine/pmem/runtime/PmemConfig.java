package io.memorymachine.pmem.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import org.hibernate.validator.constraints.time.DurationMin;

/** The configuration of pmem-service. */
@ConfigMapping(prefix = "mm.pmem")
public interface PmemConfig {
    /** Where the volume is, or is to be mounted. */
    Path volume();

    /** {@code directory}: the volume is any directory. {@code emulated}: XFS in the file {@link #backing()}. {@code
     * fsdax}: XFS on the device {@link #device()}. */
    @WithDefault("directory")
    Kind kind();

    /** The file behind an emulated volume. */
    Optional<Path> backing();

    /** The persistent memory device behind an fsdax volume. */
    @WithDefault("/dev/pmem0")
    Path device();

    /** The size, in bytes, of an emulated volume that does not exist yet. */
    @WithDefault("8589934592")
    @Min(314572800)
    long size();

    /** The folder with mm-init, mm-hook, mm-enter and the CRIU bundle. */
    Path bin();

    /** Holds the key for snapshots that are to be encrypted: 32 bytes in base64, readable by its owner only. */
    Optional<Path> encryptionKeyFile();

    /** Where CRIU's logs of what failed are kept. */
    @WithDefault("/var/log/memory-machine")
    Path logs();

    /** For everything between the start of the CRIUs and the last member running on; less than the saga's deadline. */
    @WithDefault("45s")
    Duration captureTimeout();

    /**
     * Whether heaps are cloned before the quiesce and only brought up to date in the freeze: the freeze does not grow with the
     * pieces in which a heap lies. Not done, or undone, while the volume has little room left.
     */
    @WithDefault("true")
    boolean earlyClone();

    /** For putting one member back. */
    @WithDefault("90s")
    Duration materializeTimeout();

    /** How often the orchestrators are told what lies on the volume, so that they remove what nobody needs. */
    @WithDefault("10m")
    @DurationMin(seconds = 1)
    Duration inventoryInterval();

    /** What no orchestrator knows and is not sealed is removed when it has lain there for so long. */
    @WithDefault("15m")
    @DurationMin(seconds = 1)
    Duration orphanAge();

    /** The kinds of volumes. */
    enum Kind {
        DIRECTORY,
        EMULATED,
        FSDAX
    }
}
