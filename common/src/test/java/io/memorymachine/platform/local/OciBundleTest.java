package io.memorymachine.platform.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.memorymachine.contract.workload.MemberRef;
import io.memorymachine.contract.workload.WorkloadRef;

import static org.assertj.core.api.Assertions.assertThat;

class OciBundleTest {
    private static final WorkloadRef HZ = new WorkloadRef("dev", "hz");

    @TempDir
    Path directory;

    @Test
    void aPlaceholderIsTheSameContainerWithOneWordMore() throws Exception {
        assertThat(arguments(false)).containsExactly("/mm/bin/mm-init", "--", "app", "hz-2.hz", "$(UNKNOWN)");
        assertThat(arguments(true)).containsExactly("/mm/bin/mm-init", "--wait", "--", "app", "hz-2.hz", "$(UNKNOWN)");
    }

    @Test
    void theMemberSeesItsOwnPartOfTheVolumeOnly() throws Exception {
        JsonNode mounts = config(false).get("mounts");

        List<String> sources = new ArrayList<>();
        mounts.forEach(mount -> {
            if (mount.get("destination").asText().startsWith("/mm/")) {
                sources.add(mount.get("source").asText());
            }
        });
        assertThat(sources).containsExactly("/volume/live/dev/hz/hz-2", "/bin-of-mm");
    }

    private List<String> arguments(boolean placeholder) throws Exception {
        List<String> arguments = new ArrayList<>();
        config(placeholder).get("process").get("args").forEach(word -> arguments.add(word.asText()));
        return arguments;
    }

    private JsonNode config(boolean placeholder) throws Exception {
        WorkloadSpec spec = new WorkloadSpec(
                HZ,
                "hz",
                3,
                Path.of("/image"),
                "sha256:0",
                List.of("app", "$(MM_POD_NAME).hz", "$(UNKNOWN)"),
                Map.of(),
                Path.of("/volume"),
                Path.of("/bin-of-mm"),
                1,
                0);
        new OciBundle(spec, new MemberRef(HZ, 2))
                .write(directory, Path.of("/root"), Path.of("/hosts"), Path.of("/netns"), "/cgroup", placeholder);
        return StateFiles.JSON.readTree(directory.resolve("config.json").toFile());
    }
}
