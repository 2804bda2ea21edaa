package io.memorymachine.local.host;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.memorymachine.local.host.Facts.Version;

import static org.assertj.core.api.Assertions.assertThat;

class FactsTest {
    @ParameterizedTest
    @CsvSource({
        "6.18.44-fc-v657,6.18.44",
        "Version: 4.2.1,4.2.1",
        "runc version 1.1.5+ds1,1.1.5",
        "5.10,5.10.0",
    })
    void versionsAreFoundInWhatToolsSay(String text, String version) {
        assertThat(Facts.version(text)).map(Version::toString).contains(version);
    }

    @Test
    void aTextWithoutNumbersHasNoVersion() {
        assertThat(Facts.version("unknown")).isEmpty();
    }

    @Test
    void versionsCompareByNumberNotByText() {
        assertThat(new Version(4, 10, 0)).isGreaterThan(new Version(4, 9, 9));
    }

    @Test
    void memoryIsReadInBytes() {
        assertThat(Facts.memory(List.of("MemTotal:       24560132 kB", "HugePages_Total:       0")))
                .containsOnlyKeys("MemTotal")
                .containsEntry("MemTotal", 24560132L * 1024);
    }

    @Test
    void theProcessorIsTheFirstOneNamed() {
        assertThat(Facts.processor(List.of("vendor_id\t: GenuineIntel", "model name\t: Xeon(R): a", "model name\t: b")))
                .isEqualTo("Xeon(R): a");
        assertThat(Facts.processor(List.of("processor\t: 0"))).isEqualTo("unknown");
    }

    @Test
    void bothVersionsOfCgroupsAreSeen() {
        String v1 = "33 32 0:28 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu";
        String v2 = "45 32 0:40 / /sys/fs/cgroup/unified rw,relatime shared:7 - cgroup2 cgroup2 rw";
        String other = "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw";

        assertThat(Facts.cgroupVersions(List.of(other))).isEmpty();
        assertThat(Facts.cgroupVersions(List.of(other, v2))).isEqualTo("v2");
        assertThat(Facts.cgroupVersions(List.of(v2, other, v1))).isEqualTo("v1 and v2");
    }
}
