package io.memorymachine.local.system;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MountTableTest {
    @Test
    void blanksInAMountPointAreOctal() {
        String line = "36 35 98:0 /mnt1 /mnt/a\\040b\\134c rw,noatime master:1 - ext3 /dev/root rw,errors=continue";

        assertThat(MountTable.mountPoint(line)).isEqualTo(Path.of("/mnt/a b\\c"));
    }

    @Test
    void theRootIsMounted() {
        assertThat(MountTable.mountPoints()).contains(Path.of("/"));
    }
}
