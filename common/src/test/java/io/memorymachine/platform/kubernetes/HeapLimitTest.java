package io.memorymachine.platform.kubernetes;

import java.util.List;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** How large a heap may grow, as the JVM works it out. */
class HeapLimitTest {
    @ParameterizedTest
    @CsvSource({
        "-Xmx1g, 1073741824",
        "-Xmx512M, 536870912",
        "-Xmx1048576k, 1073741824",
        "-Xmx1073741824, 1073741824",
        "-XX:MaxHeapSize=2G, 2147483648",
        "-Xmx1g -Xmx2g, 2147483648",
        "-Xms64m -XX:MaxRAMPercentage=50, 536870912",
        "-XX:MaxRAMPercentage=50 -Xmx64m, 67108864",
        "-XX:MaxRAMPercentage=12.5, 134217728",
        "-server, 268435456",
    })
    void fromTheOptionsOrTheMemoryLimit(String options, long bytes) {
        assertThat(HeapLimit.of(container()
                        .addNewEnv()
                        .withName("JAVA_OPTS")
                        .withValue(options)
                        .endEnv()
                        .build()))
                .hasValue(bytes);
        assertThat(HeapLimit.of(container()
                        .withCommand("java")
                        .withArgs(List.of(options.split(" ")))
                        .build()))
                .hasValue(bytes);
    }

    @Test
    void theCommandLineWinsOverTheVariable() {
        Container container = container()
                .addNewEnv()
                .withName("JAVA_TOOL_OPTIONS")
                .withValue("-Xmx1g")
                .endEnv()
                .withCommand("java", "-Xmx64m")
                .build();

        assertThat(HeapLimit.of(container)).hasValue(64L << 20);
    }

    @Test
    void withoutALimitItCannotBeTold() {
        assertThat(HeapLimit.of(
                        new ContainerBuilder().withCommand("java", "Main").build()))
                .isEmpty();
        assertThat(HeapLimit.of(new ContainerBuilder()
                        .withCommand("java", "-Xmx999999999999999t")
                        .build()))
                .isEmpty();
    }

    private static ContainerBuilder container() {
        return new ContainerBuilder()
                .withName("hazelcast")
                .withNewResources()
                .addToLimits("memory", new Quantity("1Gi"))
                .endResources();
    }
}
