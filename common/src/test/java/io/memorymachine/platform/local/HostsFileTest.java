package io.memorymachine.platform.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.WorkloadRef;

import static org.assertj.core.api.Assertions.assertThat;

class HostsFileTest {
    private static final WorkloadRef HZ = new WorkloadRef("dev", "hz");

    @TempDir
    Path directory;

    @Test
    void aChangeOfAddressesKeepsTheFileAndItsLength() throws Exception {
        Path file = directory.resolve("hosts");
        HostsFile hosts = new HostsFile(file);
        hosts.write(List.of(entry(0, "198.18.1.9"), entry(1, "198.18.1.10")));
        Object before = Files.getAttribute(file, "unix:ino");
        long length = Files.size(file);

        hosts.write(List.of(entry(0, "198.18.1.100"), entry(1, "198.18.1.2")));

        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(before);
        assertThat(Files.size(file)).isEqualTo(length);
        assertThat(HostsFile.read(file))
                .containsEntry("hz-0.hz", List.of("198.18.1.100"))
                .containsEntry("hz-1.hz.dev.svc.cluster.local", List.of("198.18.1.2"))
                .containsEntry("hz", List.of("198.18.1.100", "198.18.1.2"));
    }

    @Test
    void namesOfMembersThatAreGoneDoNotStay() {
        Path file = directory.resolve("hosts");
        HostsFile hosts = new HostsFile(file);
        hosts.write(List.of(entry(0, "198.18.1.9"), entry(1, "198.18.1.10")));

        hosts.write(List.of(entry(0, "198.18.1.11")));

        assertThat(HostsFile.read(file)).doesNotContainKey("hz-1.hz").containsKeys("localhost", "hz-0.hz");
    }

    private static HostsFile.Entry entry(int ordinal, String address) {
        return HostsFile.Entry.of(new MemberRef(HZ, ordinal), "hz", address);
    }
}
