package io.memorymachine.local.bench;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.memorymachine.local.system.Ports;
import io.memorymachine.local.system.SystemSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SharedSystemsTest {
    private static final long MIB = 1L << 20;

    private final List<SystemSettings> started = new ArrayList<>();
    private final SharedSystems systems = new SharedSystems(new Bench.Systems() {
        private int next = 1000;

        @Override
        public void with(SystemSettings settings, Bench.Work work) {
            started.add(settings);
            work.on(settings);
        }

        @Override
        public SystemSettings settings(int members, long heapBytes, long volumeBytes) {
            int port = next++;
            return new SystemSettings(
                    new Ports(port, port, port, port, port, port), members, heapBytes, volumeBytes, true, true);
        }
    });

    @Test
    void theSameSizeIsTheSameSystemOnThePortsOfTheFirst() {
        SystemSettings first = use(systems.settings(3, 512 * MIB, 8192 * MIB));
        SystemSettings second = use(systems.settings(3, 512 * MIB, 8192 * MIB));

        assertThat(second).isEqualTo(first);
        assertThat(started).containsExactly(first);
    }

    @Test
    void anotherSizeIsAnotherSystem() {
        use(systems.settings(3, 512 * MIB, 8192 * MIB));
        use(systems.settings(3, 256 * MIB, 8192 * MIB));
        use(systems.settings(3, 256 * MIB, 8192 * MIB).withTouchedHeaps());
        use(systems.settings(3, 512 * MIB, 8192 * MIB));

        assertThat(started).hasSize(4);
    }

    @Test
    void nobodyWorksOnASystemOnWhichWorkFailed() {
        SystemSettings settings = systems.settings(3, 512 * MIB, 8192 * MIB);
        assertThatThrownBy(() -> systems.with(settings, any -> {
                    throw new BenchFailedException("broken");
                }))
                .hasMessage("broken");
        use(systems.settings(3, 512 * MIB, 8192 * MIB));

        assertThat(started).hasSize(2);
    }

    @Test
    void workThatFailsOnASharedSystemEndsItsSharing() {
        use(systems.settings(1, 256 * MIB, 8192 * MIB));
        assertThatThrownBy(() -> systems.with(systems.settings(1, 256 * MIB, 8192 * MIB), any -> {
                    throw new BenchFailedException("broken");
                }))
                .hasMessage("broken");
        use(systems.settings(1, 256 * MIB, 8192 * MIB));

        assertThat(started).hasSize(2);
    }

    private SystemSettings use(SystemSettings settings) {
        List<SystemSettings> used = new ArrayList<>();
        systems.with(settings, used::add);
        return used.get(0);
    }
}
